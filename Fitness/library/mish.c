// Mish: x tanh(softplus(x))
// source: Misra 2019, arXiv 1908.08681
// f(-2.5) = -0.196816203906533
// f(-1) = -0.303401461374109
// f(0.5) = 0.375245211304895
// f(2) = 1.94395895953399
float activation(float x)
{
    return x * tanhf(softplus(x));
}
