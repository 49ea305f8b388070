// ACON-C: a smooth maximum of two lines; initial values are ours
// source: Ma et al. 2020, arXiv 2009.04759
// f(-2.5) = -0.87430795037093
// f(-1) = -0.490615975618455
// f(0.5) = 0.347249974982776
// f(2) = 1.72636171429047
float activation(float x)
{
    float p1 = trainable(1.0f);
    float p2 = trainable(0.25f);
    float b = trainable(1.0f);
    float d = (p1 - p2) * x;
    return d * sigmoid(b * d) + p2 * x;
}
