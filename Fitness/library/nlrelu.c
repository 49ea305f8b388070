// NLReLU: natural logarithm of 1 + ReLU
// source: Liu et al. 2019, arXiv 1908.03682
// f(-2.5) = 0
// f(-1) = 0
// f(0.5) = 0.405465108108164
// f(2) = 1.09861228866811
float activation(float x)
{
    return log1pf(relu(x));
}
