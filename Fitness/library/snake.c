// Snake with a = 1
// source: Ziyin, Hartwig and Ueda 2020, arXiv 2006.08195
// f(-2.5) = -2.14183109273161
// f(-1) = -0.291926581726429
// f(0.5) = 0.72984884706593
// f(2) = 2.82682181043181
float activation(float x)
{
    float s = sinf(x);
    return x + s * s;
}
