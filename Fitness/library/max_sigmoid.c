// max(x, sigmoid(x))
// source: Ramachandran, Zoph and Le 2017, arXiv 1710.05941
// f(-2.5) = 0.0758581800212436
// f(-1) = 0.268941421369995
// f(0.5) = 0.622459331201855
// f(2) = 2
float activation(float x)
{
    return fmaxf(x, sigmoid(x));
}
