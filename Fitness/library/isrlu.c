// ISRLU: ISRU below 0, x above, alpha 1
// source: Carlile et al. 2017, arXiv 1710.09967
// f(-2.5) = -0.928476690885259
// f(-1) = -0.707106781186548
// f(0.5) = 0.5
// f(2) = 2
float activation(float x)
{
    return x >= 0.0f ? x : x / sqrtf(1.0f + x * x);
}
