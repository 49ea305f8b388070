// Gaussian
// source: Ramasinghe and Lucey 2021, arXiv 2111.15135
// f(-2.5) = 0.0439369336234074
// f(-1) = 0.606530659712633
// f(0.5) = 0.882496902584595
// f(2) = 0.135335283236613
float activation(float x)
{
    return expf(-0.5f * x * x);
}
