// Hard threshold at 0.5
// source: Donoho and Johnstone 1994
// f(-2.5) = -2.5
// f(-0.25) = 0
// f(0.75) = 0.75
// f(2) = 2
float activation(float x)
{
    return fabsf(x) > 0.5f ? x : 0.0f;
}
