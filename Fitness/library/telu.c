// TeLU: x tanh(exp(x)), the same function as tanhexp under another name
// source: Fernandez and Mali 2024, arXiv 2412.20269
// same as: tanhexp
// f(-2.5) = -0.20475283175705
// f(-1) = -0.352135490546587
// f(0.5) = 0.464340970575215
// f(2) = 1.99999847240846
float activation(float x)
{
    return x * tanhf(expf(fminf(x, 4.0f)));
}
