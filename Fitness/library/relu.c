// ReLU: the positive part of x
// source: Nair and Hinton 2010
// f(-2.5) = 0
// f(-1) = 0
// f(0.5) = 0.5
// f(2) = 2
float activation(float x)
{
    return fmaxf(x, 0.0f);
}
