// Sine
// source: Parascandolo, Huttunen and Virtanen 2016
// f(-2.5) = -0.598472144103956
// f(-1) = -0.841470984807897
// f(0.5) = 0.479425538604203
// f(2) = 0.909297426825682
float activation(float x)
{
    return sinf(x);
}
