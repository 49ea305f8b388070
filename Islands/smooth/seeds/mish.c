// Mish: x gated by the tanh of its softplus (Misra 2019)
float activation(float x)
{
    return x * tanhf(softplus(x));
}
