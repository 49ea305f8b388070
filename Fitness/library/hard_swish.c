// Hard swish: x ReLU6(x + 3)/6
// source: Howard et al. 2019, arXiv 1905.02244
// f(-2.5) = -0.208333333333333
// f(-1) = -0.333333333333333
// f(0.5) = 0.291666666666667
// f(2) = 1.66666666666667
float activation(float x)
{
    return x * clamp(x + 3.0f, 0.0f, 6.0f) / 6.0f;
}
