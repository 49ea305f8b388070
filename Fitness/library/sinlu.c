// SinLU: (x + a sin(bx)) sigmoid(x)
// source: Paul et al. 2022
// f(-2.5) = -0.235044457698246
// f(-1) = -0.49524782406584
// f(0.5) = 0.609652565721588
// f(2) = 2.56250067251663
float activation(float x)
{
    float a = trainable(1.0f);
    float b = trainable(1.0f);
    return (x + a * sinf(b * x)) * sigmoid(x);
}
