// Growing cosine unit: x times its cosine (Noel et al. 2021)
float activation(float x)
{
    return x * cosf(x);
}
