// Squared ReLU
// source: So et al. 2021, arXiv 2109.08668
// f(-2.5) = 0
// f(-1) = 0
// f(0.5) = 0.25
// f(2) = 4
float activation(float x)
{
    float r = relu(x);
    return r * r;
}
