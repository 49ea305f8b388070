// xATLU: ATLU with a trainable range of the gate
// source: Huang 2024, arXiv 2405.20768
// f(-2.5) = -0.302797353977108
// f(-1) = -0.25
// f(0.5) = 0.323791808825217
// f(2) = 1.70483276469913
float activation(float x)
{
    float a = trainable(0.0f);
    float gate = 0.5f + atanf(x) * M_1_PI;
    return x * (gate * (1.0f + 2.0f * a) - a);
}
