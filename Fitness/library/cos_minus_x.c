// cos(x) - x
// source: Ramachandran, Zoph and Le 2017, arXiv 1710.05941
// f(-2.5) = 1.69885638445307
// f(-1) = 1.54030230586814
// f(0.5) = 0.377582561890373
// f(2) = -2.41614683654714
float activation(float x)
{
    return cosf(x) - x;
}
