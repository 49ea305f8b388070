// evt_layout.h: where everything of one model lies in its workspace. Internal; all offsets in floats.
#ifndef EVT_LAYOUT_H
#define EVT_LAYOUT_H

#include "evt_trainer.h"

typedef struct {
    int64_t fan_in, units;
    int64_t weights, bias, p;  // offsets in the parameter block (p: hidden layers only)
    int64_t y, dx, dp;         // offsets in the workspace (hidden layers only); dx: z, of a kernel with layer functions
} evt_layer;

typedef struct {
    evt_layer layers[EVT_MAX_HIDDEN + 1];  // the last one is the linear output layer
    int32_t hidden;
    // Trainable values per hidden layer. Frozen ones lie behind them in p: their gradient is 0 from the start and stays so,
    // and a step of either optimiser by a gradient that was always 0 changes no bit.
    int32_t parameters;
    int64_t block;             // floats of the parameter block
    // Offsets in the workspace. values, gradient, first and second moment are parameter blocks, one after the other.
    int64_t values, gradient, first, second;
    int64_t inputs, targets;   // the batch: [batch x inputs], [batch x outputs]
    int64_t outputs;           // [batch x outputs]: network outputs, then their loss gradient
    int64_t z;                 // [batch x widest hidden layer]
    int64_t upstream;          // [batch x widest hidden layer]: dL/dy, or dL/dz, of the layer at hand
    int64_t transposed;        // room for the transpose of any layer's weights
    int64_t kernel;            // the workspace of a kernel with layer functions
    int64_t order;             // int32 [training points]
    int64_t total;
} evt_layout;

// EVT_BAD_ARGUMENT when a size is out of its range.
evt_status evt_layout_make(evt_layout *layout, const evt_kernel *kernel, const evt_training *training,
                           const evt_task *task);

// Initial values into the parameter block `values`.
void evt_layout_initialise(const evt_layout *layout, const evt_kernel *kernel, uint64_t seed, float *values);

#endif
