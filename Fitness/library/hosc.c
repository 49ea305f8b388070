// HOSC: tanh(b sin(x)); the initial b is ours
// source: Serrano et al. 2024, arXiv 2401.10967
// f(-2.5) = -0.983475752257311
// f(-1) = -0.997617994289189
// f(0.5) = 0.957727558943715
// f(2) = 0.998614819834043
float activation(float x)
{
    float b = trainable(4.0f);
    return tanhf(b * sinf(x));
}
