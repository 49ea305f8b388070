// Cube
// source: Chen and Manning 2014
// f(-2.5) = -15.625
// f(-1) = -1
// f(0.5) = 0.125
// f(2) = 8
float activation(float x)
{
    return x * x * x;
}
