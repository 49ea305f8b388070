// GCU: growing cosine unit
// source: Noel et al. 2021, arXiv 2108.12943
// f(-2.5) = 2.00285903886733
// f(-1) = -0.54030230586814
// f(0.5) = 0.438791280945186
// f(2) = -0.832293673094285
float activation(float x)
{
    return x * cosf(x);
}
