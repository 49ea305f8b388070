// GELU by tanh: the approximation
// source: Hendrycks and Gimpel 2016, arXiv 1606.08415
// f(-2.5) = -0.0150842660899986
// f(-1) = -0.158808009391723
// f(0.5) = 0.345714009825144
// f(2) = 1.95459769408778
float activation(float x)
{
    return 0.5f * x * (1.0f + tanhf(0.79788456f * (x + 0.044715f * x * x * x)));
}
