// E-swish with beta 1.5: a multiple of SiLU
// source: Alcaide 2018, arXiv 1801.07145
// f(-2.5) = -0.284468175079663
// f(-1) = -0.403412132054993
// f(0.5) = 0.466844498401391
// f(2) = 2.64239123393365
float activation(float x)
{
    return 1.5f * x * sigmoid(x);
}
