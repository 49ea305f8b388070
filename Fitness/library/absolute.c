// Absolute value rectification
// source: Jarrett et al. 2009
// f(-2.5) = 2.5
// f(-1) = 1
// f(0.5) = 0.5
// f(2) = 2
float activation(float x)
{
    return fabsf(x);
}
