// GELUSine: GELU with a small sine (Mining activation functions, 2026 (arXiv 2602.05688))
float activation(float x)
{
    return gelu(x) + 0.1f * sinf(x);
}
