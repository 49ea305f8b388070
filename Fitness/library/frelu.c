// FReLU: ReLU with a trainable offset, whose initial value is ours
// source: Qiu, Xu and Cai 2017, arXiv 1706.08098
// f(-2.5) = -0.5
// f(-1) = -0.5
// f(0.5) = 0
// f(2) = 1.5
float activation(float x)
{
    float b = trainable(-0.5f);
    return relu(x) + b;
}
