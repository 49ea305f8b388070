// PolyReLU: a trainable cubic of ReLU
// source: Zhuo et al. 2024, arXiv 2411.03884
// f(-2.5) = 0
// f(-1) = 0
// f(0.5) = 0.291666666666667
// f(2) = 4.66666666666667
float activation(float x)
{
    float a0 = trainable(0.0f);
    float a1 = trainable(0.33333333f);
    float a2 = trainable(0.33333333f);
    float a3 = trainable(0.33333333f);
    float r = relu(x);
    return a0 + r * (a1 + r * (a2 + r * a3));
}
