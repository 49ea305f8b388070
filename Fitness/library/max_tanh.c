// max(x, tanh(x))
// source: Ramachandran, Zoph and Le 2017, arXiv 1710.05941
// f(-2.5) = -0.98661429815143
// f(-1) = -0.761594155955765
// f(0.5) = 0.5
// f(2) = 2
float activation(float x)
{
    return fmaxf(x, tanhf(x));
}
