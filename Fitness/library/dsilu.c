// dSiLU: the derivative of SiLU
// source: Elfwing, Uchibe and Doya 2017, arXiv 1702.03118
// f(-2.5) = -0.0994011113415268
// f(-1) = 0.0723294881285133
// f(0.5) = 0.739961187302652
// f(2) = 1.0907842487849
float activation(float x)
{
    float s = sigmoid(x);
    return s * (1.0f + x * (1.0f - s));
}
