// SQNL: square non-linearity
// source: Wuraola and Patel 2018
// f(-2.5) = -1
// f(-1) = -0.75
// f(0.5) = 0.4375
// f(2) = 1
float activation(float x)
{
    float c = clamp(x, -2.0f, 2.0f);
    return c - copysignf(0.25f * c * c, c);
}
