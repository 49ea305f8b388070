// GELU-Sinc: GELU scaled by one plus half a normalised sinc (Mining activation functions, 2026 (arXiv 2602.05688))
float activation(float x)
{
    return gelu(x) * (1.0f + 0.5f * sinc(x));
}
