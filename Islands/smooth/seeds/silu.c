// SiLU or Swish: x times its sigmoid (Elfwing et al. 2017, Ramachandran et al. 2017)
float activation(float x)
{
    return x * sigmoid(x);
}
