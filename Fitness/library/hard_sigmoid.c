// Hard sigmoid: (x + 1)/2 between 0 and 1
// source: Courbariaux, Bengio and David 2015, arXiv 1511.00363
// f(-2.5) = 0
// f(-1) = 0
// f(0.5) = 0.75
// f(2) = 1
float activation(float x)
{
    return clamp(0.5f * (x + 1.0f), 0.0f, 1.0f);
}
