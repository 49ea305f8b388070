// GELU-Sinc: GELU times 1 + half a normalised sinc; an additive variant that circulates is another function
// source: Mining Generalizable Activation Functions 2026, arXiv 2602.05688
// f(-2.5) = -0.016512462245984
// f(-0.75) = -0.195475052161699
// f(0) = 0
// f(0.5) = 0.455780899311254
float activation(float x)
{
    return gelu(x) * (1.0f + 0.5f * sinc(x));
}
