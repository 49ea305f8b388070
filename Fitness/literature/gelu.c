// GELU: x times the normal distribution function (Hendrycks and Gimpel 2016)
float activation(float x)
{
    return 0.5f * x * (1.0f + erff(x * M_SQRT1_2));
}
