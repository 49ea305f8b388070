// SIREN: sin(30 x)
// source: Sitzmann et al. 2020, arXiv 2006.09661
// f(-2.5) = 0.38778163540943
// f(-1) = 0.988031624092862
// f(0.5) = 0.650287840157117
// f(2) = -0.304810621102217
float activation(float x)
{
    return sinf(30.0f * x);
}
