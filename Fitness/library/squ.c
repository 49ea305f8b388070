// SQU: shifted quadratic unit
// source: Noel et al. 2021, arXiv 2111.04020
// f(-2.5) = 3.75
// f(-1) = 0
// f(0.5) = 0.75
// f(2) = 6
float activation(float x)
{
    return x * x + x;
}
