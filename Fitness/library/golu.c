// GoLU: x times the Gompertz function
// source: Das et al. 2025, arXiv 2502.03654
// The inner exponent is bounded where the outer exponential is below 1e-175, which float rounds to 0.
// f(-2.5) = -1.27982357466768e-5
// f(-1) = -0.0659880358453125
// f(0.5) = 0.272619605946303
// f(2) = 1.74684603698623
float activation(float x)
{
    return x * expf(-expf(fminf(-x, 6.0f)));
}
