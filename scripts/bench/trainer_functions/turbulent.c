// Turbulent: the bump follows the statistics of the whole layer (form in docs/language.md).
float activation(float x)
{
    float c = x - tensor_mean(x);
    float z = c / (sqrtf(tensor_mean(c * c)) + 1e-6f);
    return sign(x) * log1pf(0.5f * fabsf(x)) + 0.2f * expf(-0.5f * z * z) * sinf(2.0f * x);
}
