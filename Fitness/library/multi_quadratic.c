// Multi-quadratic: 1/sqrt(1 + x^2)
// source: Ramasinghe and Lucey 2021, arXiv 2111.15135
// f(-2.5) = 0.371390676354104
// f(-1) = 0.707106781186548
// f(0.5) = 0.894427190999916
// f(2) = 0.447213595499958
float activation(float x)
{
    return 1.0f / sqrtf(1.0f + x * x);
}
