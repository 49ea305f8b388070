// SLU: softplus linear unit
// source: Zhao et al. 2018
// f(-2.5) = -1.22851489253479
// f(-1) = -0.759770986083445
// f(0.5) = 0.5
// f(2) = 2
float activation(float x)
{
    return x >= 0.0f ? x : 2.0f * softplus(x) - 1.38629436f;
}
