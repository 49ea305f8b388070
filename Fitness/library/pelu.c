// PELU: parametric ELU
// source: Trottier, Giguere and Chaib-draa 2016, arXiv 1605.09332
// f(-2.5) = -0.917915001376101
// f(-1) = -0.632120558828558
// f(0.5) = 0.5
// f(2) = 2
float activation(float x)
{
    float a = trainable(1.0f);
    float b = trainable(1.0f);
    return x >= 0.0f ? a / b * x : a * expm1f(x / b);
}
