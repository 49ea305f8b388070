// StarReLU: squared ReLU with trainable scale and offset
// source: Yu et al. 2022, arXiv 2210.13452
// f(-2.5) = -0.4472
// f(-1) = -0.4472
// f(0.5) = -0.2236
// f(2) = 3.1304
float activation(float x)
{
    float s = trainable(0.8944f);
    float b = trainable(-0.4472f);
    float r = relu(x);
    return s * r * r + b;
}
