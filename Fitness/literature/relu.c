// ReLU: the positive part of x (Nair and Hinton 2010)
float activation(float x)
{
    return fmaxf(x, 0.0f);
}
