// LiSHT: x tanh(x)
// source: Roy et al. 2019, arXiv 1901.05894
// f(-2.5) = 2.46653574537858
// f(-1) = 0.761594155955765
// f(0.5) = 0.231058578630005
// f(2) = 1.92805516015163
float activation(float x)
{
    return x * tanhf(x);
}
