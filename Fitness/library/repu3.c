// RePU: cubed ReLU
// source: Li, Tang and Yu 2019
// f(-2.5) = 0
// f(-1) = 0
// f(0.5) = 0.125
// f(2) = 8
float activation(float x)
{
    float r = relu(x);
    return r * r * r;
}
