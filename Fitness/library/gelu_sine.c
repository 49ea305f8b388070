// GELUSine: GELU with a small sine
// source: Mining Generalizable Activation Functions 2026, arXiv 2602.05688
// f(-2.5) = -0.075371377724836
// f(-1) = -0.242802352412247
// f(0.5) = 0.393673784497427
// f(2) = 2.04542947878621
float activation(float x)
{
    return gelu(x) + 0.1f * sinf(x);
}
