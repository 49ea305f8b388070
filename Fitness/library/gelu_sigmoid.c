// GELU by sigmoid: x sigmoid(1.702 x)
// source: Hendrycks and Gimpel 2016, arXiv 1606.08415
// f(-2.5) = -0.0349861650485701
// f(-1) = -0.154204234067179
// f(0.5) = 0.35038843660638
// f(2) = 1.93565862314421
float activation(float x)
{
    return x * sigmoid(1.702f * x);
}
