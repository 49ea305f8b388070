// SiLU or Swish-1: x times its sigmoid
// source: Elfwing, Uchibe and Doya 2017, arXiv 1702.03118
// f(-2.5) = -0.189645450053109
// f(-1) = -0.268941421369995
// f(0.5) = 0.311229665600927
// f(2) = 1.76159415595576
float activation(float x)
{
    return x * sigmoid(x);
}
