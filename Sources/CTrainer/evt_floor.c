#include "evt_floor.h"

#include <cblas.h>
#include <string.h>

typedef struct {
    int64_t batch, widest, largest;  // samples; units of the widest layer; weights of the largest layer
} sizes;

static evt_status measure(const evt_training *training, int32_t inputs, sizes *result) {
    if (training->hidden_count < 1 || training->hidden_count > EVT_MAX_HIDDEN) return EVT_BAD_ARGUMENT;
    if (inputs < 1 || training->batch < 1) return EVT_BAD_ARGUMENT;
    *result = (sizes){training->batch, inputs, 0};
    int64_t fan_in = inputs;
    for (int32_t l = 0; l < training->hidden_count; l++) {
        int64_t units = training->hidden[l];
        if (units < 1) return EVT_BAD_ARGUMENT;
        if (units > result->widest) result->widest = units;
        if (units * fan_in > result->largest) result->largest = units * fan_in;
        fan_in = units;
    }
    return EVT_OK;
}

// Floats between the pieces of the workspace: two layers' values, weights, their gradient.
static int64_t piece(const sizes *s) {
    int64_t floats = s->batch * s->widest > s->largest ? s->batch * s->widest : s->largest;
    return (floats + 15) & ~(int64_t)15;
}

evt_status evt_floor_bytes(const evt_training *training, int32_t inputs, size_t *bytes) {
    sizes s;
    evt_status status = measure(training, inputs, &s);
    if (status == EVT_OK) *bytes = (size_t)(4 * piece(&s)) * sizeof(float);
    return status;
}

evt_status evt_floor(const evt_training *training, int32_t inputs, int64_t steps, void *workspace, size_t bytes) {
    sizes s;
    evt_status status = measure(training, inputs, &s);
    if (status != EVT_OK) return status;
    if (bytes < (size_t)(4 * piece(&s)) * sizeof(float) || ((uintptr_t)workspace & 63) != 0) return EVT_SMALL_WORKSPACE;
    memset(workspace, 0, (size_t)(4 * piece(&s)) * sizeof(float));
    float *below = workspace, *above = below + piece(&s), *weights = above + piece(&s), *gradient = weights + piece(&s);
    const blasint batch = (blasint)s.batch;
    for (int64_t step = 0; step < steps; step++) {
        blasint fan_in = inputs;
        for (int32_t l = 0; l < training->hidden_count; l++) {
            blasint units = training->hidden[l];
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, batch, units, fan_in, 1, below, fan_in, weights, units,
                        0, above, units);
            fan_in = units;
        }
        cblas_sgemv(CblasRowMajor, CblasNoTrans, batch, fan_in, 1, above, fan_in, weights, 1, 0, below, 1);
        cblas_sgemv(CblasRowMajor, CblasTrans, batch, fan_in, 1, above, fan_in, below, 1, 0, gradient, 1);
        // What goes back through the one output is an outer product.
        cblas_sger(CblasRowMajor, batch, fan_in, 1, below, 1, weights, 1, above, fan_in);
        for (int32_t l = training->hidden_count - 1; l >= 0; l--) {
            blasint units = training->hidden[l];
            fan_in = l > 0 ? training->hidden[l - 1] : inputs;
            cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, fan_in, units, batch, 1, below, fan_in, above, units, 0,
                        gradient, units);
            if (l > 0)
                cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, batch, fan_in, units, 1, above, units, weights,
                            units, 0, below, fan_in);
        }
    }
    return EVT_OK;
}
