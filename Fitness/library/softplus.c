// Softplus: the logarithm of 1 + exp(x)
// source: Dugas et al. 2000
// f(-2.5) = 0.0788897342925496
// f(-1) = 0.313261687518223
// f(0.5) = 0.974076984180107
// f(2) = 2.12692801104297
float activation(float x)
{
    return softplus(x);
}
