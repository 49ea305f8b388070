// Quadratic: 1/(1 + x^2)
// source: Ramasinghe and Lucey 2021, arXiv 2111.15135
// f(-2.5) = 0.137931034482759
// f(-1) = 0.5
// f(0.5) = 0.8
// f(2) = 0.2
float activation(float x)
{
    return 1.0f / (1.0f + x * x);
}
