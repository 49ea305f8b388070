// Serf: x erf(softplus(x))
// source: Nag and Bhattacharyya 2021, arXiv 2108.09598
// f(-2.5) = -0.22208301852022
// f(-1) = -0.342247955389338
// f(0.5) = 0.415829311482059
// f(2) = 1.99473933326779
float activation(float x)
{
    return x * erff(softplus(x));
}
