// Softsign: x/(1 + |x|)
// source: Turian, Bergstra and Bengio 2009
// f(-2.5) = -0.714285714285714
// f(-1) = -0.5
// f(0.5) = 0.333333333333333
// f(2) = 0.666666666666667
float activation(float x)
{
    return x / (1.0f + fabsf(x));
}
