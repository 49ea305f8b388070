// ISRU: x over a root, alpha 1
// source: Carlile et al. 2017, arXiv 1710.09967
// f(-2.5) = -0.928476690885259
// f(-1) = -0.707106781186548
// f(0.5) = 0.447213595499958
// f(2) = 0.894427190999916
float activation(float x)
{
    return x / sqrtf(1.0f + x * x);
}
