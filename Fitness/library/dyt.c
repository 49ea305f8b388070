// DyT: tanh with a trainable rate, without its affine part
// source: Zhu et al. 2025, arXiv 2503.10622
// f(-2.5) = -0.848283639957513
// f(-1) = -0.46211715726001
// f(0.5) = 0.244918662403709
// f(2) = 0.761594155955765
float activation(float x)
{
    float a = trainable(0.5f);
    return tanhf(a * x);
}
