// ReLU6: ReLU bounded by 6
// source: Krizhevsky 2010
// f(-1) = 0
// f(0.5) = 0.5
// f(2) = 2
// f(7) = 6
float activation(float x)
{
    return clamp(x, 0.0f, 6.0f);
}
