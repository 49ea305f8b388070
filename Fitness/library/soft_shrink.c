// Soft threshold at 0.5
// source: Donoho and Johnstone 1994
// f(-2.5) = -2
// f(-0.25) = 0
// f(0.75) = 0.25
// f(2) = 1.5
float activation(float x)
{
    return x - clamp(x, -0.5f, 0.5f);
}
