// ELU with alpha 1
// source: Clevert, Unterthiner and Hochreiter 2015, arXiv 1511.07289
// f(-2.5) = -0.917915001376101
// f(-1) = -0.632120558828558
// f(0.5) = 0.5
// f(2) = 2
float activation(float x)
{
    return x > 0.0f ? x : expm1f(x);
}
