// MPELU: ELU with trainable height and rate; initial values are ours
// source: Li et al. 2016, arXiv 1606.00305
// f(-2.5) = -0.229478750344025
// f(-1) = -0.158030139707139
// f(0.5) = 0.5
// f(2) = 2
float activation(float x)
{
    float a = trainable(0.25f);
    float b = trainable(1.0f);
    return x > 0.0f ? x : a * expm1f(b * x);
}
