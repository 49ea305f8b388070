// Cosine, as in random Fourier features
// source: Rahimi and Recht 2007
// f(-2.5) = -0.801143615546934
// f(-1) = 0.54030230586814
// f(0.5) = 0.877582561890373
// f(2) = -0.416146836547142
float activation(float x)
{
    return cosf(x);
}
