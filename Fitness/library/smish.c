// Smish: x tanh(log(1 + sigmoid(x)))
// source: Wang, Ren and Wang 2022
// f(-2.5) = -0.182471556280195
// f(-1) = -0.233778809352826
// f(0.5) = 0.224697973686378
// f(2) = 1.11843741504654
float activation(float x)
{
    return x * tanhf(log1pf(sigmoid(x)));
}
