// Phish: x tanh(gelu(x))
// source: Naveen 2022
// f(-2.5) = 0.0388072908217297
// f(-1) = 0.157337325671559
// f(0.5) = 0.166292179540754
// f(2) = 1.92133579939059
float activation(float x)
{
    return x * tanhf(gelu(x));
}
