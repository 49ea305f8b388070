// evt_floor.h: the yardstick of the trainer's speed: the matrix products of a training step by OpenBLAS, and nothing else.
#ifndef EVT_FLOOR_H
#define EVT_FLOOR_H

#include <stddef.h>

#include "evt_trainer.h"

// Does the products of `steps` steps of a network with one output: forward, gradients of the weights, gradients of the
// layers' values. Bias, activation, loss and optimiser are left out, and the numbers mean nothing.
//   workspace  at least evt_floor_bytes bytes, aligned to 64; its contents do not matter
// EVT_BAD_ARGUMENT: no hidden layer, or a size below 1.
evt_status evt_floor(const evt_training *training, int32_t inputs, int64_t steps, void *workspace, size_t bytes);

evt_status evt_floor_bytes(const evt_training *training, int32_t inputs, size_t *bytes);

#endif
