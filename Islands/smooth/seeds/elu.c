// ELU: exponential below zero, identity above (Clevert et al. 2015)
float activation(float x)
{
    return x > 0.0f ? x : expm1f(x);
}
