// Leaky ReLU with slope 0.01 below 0
// source: Maas, Hannun and Ng 2013
// f(-2.5) = -0.025
// f(-1) = -0.01
// f(0.5) = 0.5
// f(2) = 2
float activation(float x)
{
    return x > 0.0f ? x : 0.01f * x;
}
