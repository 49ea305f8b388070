#include "evt_optimiser.h"

#include <math.h>

// Compiled for several instruction sets; the loader picks the machine's best.
#define EVT_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))

EVT_CLONES void evt_adam(float *restrict values, const float *restrict gradient, float *restrict first,
                         float *restrict second, int64_t count, int64_t step, float rate) {
    const float decay1 = 0.9f, decay2 = 0.999f, epsilon = 1e-8f;
    // Bias correction (Kingma and Ba 2015) as two factors of the whole step.
    float scale = (float)(rate / (1 - pow(0.9, (double)(step + 1))));
    float root = (float)(1 / sqrt(1 - pow(0.999, (double)(step + 1))));
    for (int64_t i = 0; i < count; i++) {
        float g = gradient[i];
        float m = decay1 * first[i] + (1 - decay1) * g;
        float v = decay2 * second[i] + (1 - decay2) * g * g;
        first[i] = m;
        second[i] = v;
        values[i] -= scale * m / (sqrtf(v) * root + epsilon);
    }
}

EVT_CLONES void evt_sgd(float *restrict values, const float *restrict gradient, int64_t count, float rate) {
    for (int64_t i = 0; i < count; i++) values[i] -= rate * gradient[i];
}

EVT_CLONES void evt_activation_gradient(float *restrict dx, const float *restrict upstream, float *restrict bias,
                                        int64_t batch, int64_t units) {
    for (int64_t u = 0; u < units; u++) bias[u] = 0;
    for (int64_t row = 0; row < batch; row++) {
        float *restrict d = dx + row * units;
        const float *restrict g = upstream + row * units;
        for (int64_t u = 0; u < units; u++) {
            float product = d[u] * g[u];
            d[u] = product;
            bias[u] += product;
        }
    }
}

EVT_CLONES void evt_column_sums(const float *restrict a, float *restrict sums, int64_t rows, int64_t columns) {
    if (columns == 1) {  // sixteen sums side by side: one alone would wait for every addition
        float lanes[16] = {0};
        int64_t r = 0;
        for (; r + 16 <= rows; r += 16)
            for (int lane = 0; lane < 16; lane++) lanes[lane] += a[r + lane];
        for (; r < rows; r++) lanes[0] += a[r];
        for (int half = 8; half > 0; half /= 2)
            for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
        sums[0] = lanes[0];
        return;
    }
    for (int64_t c = 0; c < columns; c++) sums[c] = 0;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t c = 0; c < columns; c++) sums[c] += a[r * columns + c];
}
