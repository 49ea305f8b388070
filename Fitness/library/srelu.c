// SReLU: S-shaped ReLU, three lines with trainable bends; initial values are ours
// source: Jin et al. 2015, arXiv 1512.07030
// f(-2.5) = -1.3
// f(-0.75) = -0.75
// f(0.5) = 0.5
// f(2) = 1.5
float activation(float x)
{
    float tl = trainable(-1.0f);
    float al = trainable(0.2f);
    float tr = trainable(1.0f);
    float ar = trainable(0.5f);
    float left = tl + al * (x - tl);
    float right = tr + ar * (x - tr);
    return x >= tr ? right : (x <= tl ? left : x);
}
