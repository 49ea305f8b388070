// Hyperbolic tangent
// source: LeCun et al. 1998
// f(-2.5) = -0.98661429815143
// f(-1) = -0.761594155955765
// f(0.5) = 0.46211715726001
// f(2) = 0.964027580075817
float activation(float x)
{
    return tanhf(x);
}
