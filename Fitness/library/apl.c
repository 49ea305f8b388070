// APL: adaptive piecewise linear unit with two hinges; their initial values are ours
// source: Agostinelli et al. 2014, arXiv 1412.6830
// f(-2.5) = 0.15
// f(-1) = 0
// f(0.5) = 0.45
// f(2) = 2
float activation(float x)
{
    float a1 = trainable(0.2f);
    float b1 = trainable(0.0f);
    float a2 = trainable(-0.1f);
    float b2 = trainable(1.0f);
    return relu(x) + a1 * relu(b1 - x) + a2 * relu(b2 - x);
}
