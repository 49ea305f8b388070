// Scaled tanh: 1.7159 tanh(2x/3), about 1 at 1
// source: LeCun et al. 1998
// f(-2.5) = -1.5976909775127
// f(-1) = -0.999997255922479
// f(0.5) = 0.551683706330531
// f(2) = 1.49293880538425
float activation(float x)
{
    return 1.7159f * tanhf(0.66666667f * x);
}
