// FINER: sine of variable period, with the factor 1 in place of 30
// source: Liu et al. 2023, arXiv 2312.02434
// f(-2.5) = -0.624723953754192
// f(-1) = -0.909297426825682
// f(0.5) = 0.681638760023334
// f(2) = -0.279415498198926
float activation(float x)
{
    return sinf((fabsf(x) + 1.0f) * x);
}
