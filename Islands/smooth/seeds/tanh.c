// Hyperbolic tangent: odd and bounded (LeCun et al. 1998)
float activation(float x)
{
    return tanhf(x);
}
