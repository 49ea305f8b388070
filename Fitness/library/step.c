// Step: the threshold unit, 1 at 0
// source: McCulloch and Pitts 1943
// f(-2.5) = 0
// f(-1) = 0
// f(0) = 1
// f(2) = 1
float activation(float x)
{
    return step(x);
}
