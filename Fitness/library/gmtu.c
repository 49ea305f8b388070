// GMTU: tanh under a Gaussian, with the leak 0.1 (not 0.2)
// source: Mining Generalizable Activation Functions 2026, arXiv 2602.05688
// f(-2.5) = -0.536188049398029
// f(-1) = -0.841072711353882
// f(0.5) = 0.654172372451591
// f(2) = 0.647106921713976
float activation(float x)
{
    return tanhf(1.5f * x) * expf(-0.2f * x * x) + 0.1f * x;
}
