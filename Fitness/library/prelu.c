// PReLU: leaky ReLU with a trainable slope, 0.25 at the start
// source: He et al. 2015, arXiv 1502.01852
// f(-2.5) = -0.625
// f(-1) = -0.25
// f(0.5) = 0.5
// f(2) = 2
float activation(float x)
{
    float a = trainable(0.25f);
    return x > 0.0f ? x : a * x;
}
