// Thresholded ReLU: x above 1, else 0
// source: Konda, Memisevic and Krueger 2014, arXiv 1402.3337
// f(-2.5) = 0
// f(-1) = 0
// f(0.5) = 0
// f(2) = 2
float activation(float x)
{
    return x > 1.0f ? x : 0.0f;
}
