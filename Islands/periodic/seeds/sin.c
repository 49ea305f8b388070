// Sine: periodic, as in SIREN (Sitzmann et al. 2020)
float activation(float x)
{
    return sinf(x);
}
