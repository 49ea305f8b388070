// Softplus: a smooth positive part (Dugas et al. 2000)
float activation(float x)
{
    return softplus(x);
}
