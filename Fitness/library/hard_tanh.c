// Hard tanh: x between -1 and 1
// source: Collobert 2004
// f(-2.5) = -1
// f(-1) = -1
// f(0.5) = 0.5
// f(2) = 1
float activation(float x)
{
    return clamp(x, -1.0f, 1.0f);
}
