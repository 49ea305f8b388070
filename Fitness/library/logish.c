// Logish: x log(1 + sigmoid(x))
// source: Zhu et al. 2021
// f(-2.5) = -0.182796625246463
// f(-1) = -0.238183026413828
// f(0.5) = 0.241971551883464
// f(2) = 1.26339132927308
float activation(float x)
{
    return x * log1pf(sigmoid(x));
}
