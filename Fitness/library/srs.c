// Soft-Root-Sign: x/(x/a + exp(-x/b)), a = 2 and b = 3
// source: Zhou et al. 2020, arXiv 2003.00547
// Written without an exponential that overflows.
// f(-2.5) = -2.37874153124122
// f(-1) = -1.11655440678358
// f(0.5) = 0.456003952140543
// f(2) = 1.32151273753163
float activation(float x)
{
    float decay = expf(-fabsf(x) / 3.0f);
    float right = x / (0.5f * x + decay);
    float left = x * decay / (0.5f * x * decay + 1.0f);
    return x >= 0.0f ? right : left;
}
