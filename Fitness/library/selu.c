// SELU: self-normalising ELU
// source: Klambauer et al. 2017, arXiv 1706.02515
// f(-2.5) = -1.61378575887324
// f(-1) = -1.11133073781256
// f(0.5) = 0.52535049367774
// f(2) = 2.10140197471096
float activation(float x)
{
    return 1.05070099f * (x > 0.0f ? x : 1.67326324f * expm1f(x));
}
