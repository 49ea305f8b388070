// min(x, sin(x))
// source: Ramachandran, Zoph and Le 2017, arXiv 1710.05941
// f(-2.5) = -2.5
// f(-1) = -1
// f(0.5) = 0.479425538604203
// f(2) = 0.909297426825682
float activation(float x)
{
    return fminf(x, sinf(x));
}
