// xIELU: the integral of a trainable ELU; its two curvatures are free here, not kept positive by a softplus
// source: Huang and Schlag 2024, arXiv 2411.13010
// f(-3) = 0.139829654694291
// f(-2) = -0.0917317734107098
// f(0.5) = 0.45
// f(2) = 4.2
float activation(float x)
{
    float p = trainable(0.8f);
    float n = trainable(0.8f);
    float below = n * (expm1f(fminf(x, 0.0f)) - x) + 0.5f * x;
    return x > 0.0f ? p * x * x + 0.5f * x : below;
}
