// GMTU: tanh under a Gaussian, with a leak (Mining activation functions, 2026 (arXiv 2602.05688))
float activation(float x)
{
    return tanhf(1.5f * x) * expf(-0.2f * x * x) + 0.1f * x;
}
