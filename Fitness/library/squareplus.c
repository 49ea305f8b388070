// Squareplus with b = 4
// source: Barron 2021, arXiv 2112.11687
// f(-2.5) = 0.350781059358212
// f(-1) = 0.618033988749895
// f(0.5) = 1.28077640640442
// f(2) = 2.4142135623731
float activation(float x)
{
    return 0.5f * (x + sqrtf(x * x + 4.0f));
}
