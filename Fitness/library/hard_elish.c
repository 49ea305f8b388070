// Hard ELiSH: the same with a hard sigmoid
// source: Basirat and Roth 2018, arXiv 1808.00783
// f(-2.5) = 0
// f(-0.5) = -0.0983673350718416
// f(0.5) = 0.375
// f(2) = 2
float activation(float x)
{
    return (x >= 0.0f ? x : expm1f(x)) * clamp(0.5f * (x + 1.0f), 0.0f, 1.0f);
}
