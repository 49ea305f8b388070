// ExpSin
// source: Ramasinghe and Lucey 2021, arXiv 2111.15135
// f(-2.5) = 1.81933699108106
// f(-1) = 2.31977682471585
// f(0.5) = 0.619138961097731
// f(2) = 0.402807126123528
float activation(float x)
{
    return expf(-sinf(x));
}
