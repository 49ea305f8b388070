// ASU: amplifying sine unit
// source: Rahman, Chen and Islam 2023
// f(-2.5) = 1.49618036025989
// f(-1) = 0.841470984807897
// f(0.5) = 0.239712769302102
// f(2) = 1.81859485365136
float activation(float x)
{
    return x * sinf(x);
}
