// Shifted ReLU: x bounded below by -1
// source: Clevert, Unterthiner and Hochreiter 2015, arXiv 1511.07289
// f(-2.5) = -1
// f(-1) = -1
// f(0.5) = 0.5
// f(2) = 2
float activation(float x)
{
    return fmaxf(x, -1.0f);
}
