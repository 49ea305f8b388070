// GELU: x times the normal distribution function
// source: Hendrycks and Gimpel 2016, arXiv 1606.08415
// f(-2.5) = -0.0155241633144403
// f(-1) = -0.158655253931457
// f(0.5) = 0.345731230637007
// f(2) = 1.95449973610364
float activation(float x)
{
    return 0.5f * x * (1.0f + erff(x * M_SQRT1_2));
}
