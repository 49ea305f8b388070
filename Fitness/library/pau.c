// PAU: safe Padé unit of degrees 5 and 4; the initial values are our fit of leaky ReLU on [-3, 3]
// source: Molina, Schramowski and Kersting 2019, arXiv 1907.06732
// f(0.25) = 0.243364911032929
// f(0.5) = 0.500719725163335
// f(1) = 1.00080136490539
// f(2) = 2.0002283557783
float activation(float x)
{
    float a0 = trainable(0.0298f);
    float a1 = trainable(0.6185f);
    float a2 = trainable(2.3209f);
    float a3 = trainable(3.0445f);
    float a4 = trainable(1.4796f);
    float a5 = trainable(0.2497f);
    float b1 = trainable(1.1411f);
    float b2 = trainable(4.3822f);
    float b3 = trainable(0.8682f);
    float b4 = trainable(0.3453f);
    float u = fabsf(x);
    float above = a0 + x * (a1 + x * (a2 + x * (a3 + x * (a4 + x * a5))));
    float below = fabsf(b1) * u + fabsf(b2) * u * u + fabsf(b3) * u * u * u + fabsf(b4) * u * u * u * u;
    return above / (1.0f + below);
}
