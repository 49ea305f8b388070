// Swish with a trainable beta
// source: Ramachandran, Zoph and Le 2017, arXiv 1710.05941
// f(-2.5) = -0.189645450053109
// f(-1) = -0.268941421369995
// f(0.5) = 0.311229665600927
// f(2) = 1.76159415595576
float activation(float x)
{
    float b = trainable(1.0f);
    return x * sigmoid(b * x);
}
