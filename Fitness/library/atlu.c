// ATLU: x gated by the arctangent
// source: Huang 2024, arXiv 2405.20768
// f(-2.5) = -0.302797353977108
// f(-1) = -0.25
// f(0.5) = 0.323791808825217
// f(2) = 1.70483276469913
float activation(float x)
{
    return x * (0.5f + atanf(x) * M_1_PI);
}
