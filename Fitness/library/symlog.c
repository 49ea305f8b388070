// Symlog: logarithm on both sides
// source: Hafner et al. 2023, arXiv 2301.04104
// f(-2.5) = -1.25276296849537
// f(-1) = -0.693147180559945
// f(0.5) = 0.405465108108164
// f(2) = 1.09861228866811
float activation(float x)
{
    return copysignf(log1pf(fabsf(x)), x);
}
