// Logistic sigmoid
// source: Rumelhart, Hinton and Williams 1986
// f(-2.5) = 0.0758581800212436
// f(-1) = 0.268941421369995
// f(0.5) = 0.622459331201855
// f(2) = 0.880797077977882
float activation(float x)
{
    return sigmoid(x);
}
