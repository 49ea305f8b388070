// ELiSH: SiLU above 0, ELU times sigmoid below
// source: Basirat and Roth 2018, arXiv 1808.00783
// f(-2.5) = -0.0696313614185883
// f(-1) = -0.170003401568548
// f(0.5) = 0.311229665600927
// f(2) = 1.76159415595576
float activation(float x)
{
    return (x >= 0.0f ? x : expm1f(x)) * sigmoid(x);
}
