// evt_kernel.h: a candidate activation function, loaded from a shared object.
//
// The functions of the kernel ABI. z, y and dx are [batch x units] row-major; the pre-activation is
// x = z + bias[unit]; p holds the layer's current trainable values; dp is [parameters][batch * units]: the
// derivative of every y with respect to every trainable value. Pointers never alias.
//
// A kernel may have frozen values too: numbers that it reads but nobody trains. They follow the trainable values in p, and
// have no part in dp and pbar. A caller may put other numbers in the place of all of them: `initials` of an open kernel is
// only a pointer, and may be made to point to values of the caller's own.
//
// The kernel of an activation that looks at its layer (statistics, neighbours) has layer functions instead. forward: y
// from z. backward: xbar = dL/dx [batch x units] and pbar = dL/dp [parameters] from z and cotangent = dL/dy; it needs
// nothing that forward left behind. workspace: as many floats as layer_workspace(batch, units) says, aligned to 64
// bytes; what is in it does not matter. It grows with both sizes.
#ifndef EVT_KERNEL_H
#define EVT_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "evt_status.h"

typedef void (*evt_forward_function)(const float *z, const float *bias, float *y, int64_t batch, int64_t units,
                                     const float *p);
typedef void (*evt_forward_gradient_function)(const float *z, const float *bias, float *y, float *dx, float *dp,
                                              int64_t batch, int64_t units, const float *p);

typedef int64_t (*evt_layer_workspace_function)(int64_t batch, int64_t units);
typedef void (*evt_layer_forward_function)(const float *z, const float *bias, float *y, int64_t batch, int64_t units,
                                           const float *p, float *workspace);
typedef void (*evt_layer_backward_function)(const float *z, const float *bias, const float *cotangent, float *xbar,
                                            float *pbar, int64_t batch, int64_t units, const float *p,
                                            float *workspace);

typedef struct {
    int32_t parameters;     // trainable values of one layer, 0 ... EVT_MAX_PARAMETERS
    int32_t frozen;         // values behind them in p that are not trained
    const float *initials;  // [parameters + frozen]; may be NULL when there are none
    evt_forward_function forward;  // NULL, as the next one, when there are layer functions
    evt_forward_gradient_function forward_gradient;
    evt_layer_workspace_function layer_workspace;  // NULL, as the next two, when the function is elementwise
    evt_layer_forward_function layer_forward;
    evt_layer_backward_function layer_backward;
    void *library;          // what evt_kernel_close closes
} evt_kernel;

enum { EVT_MAX_PARAMETERS = 1024 };  // of trainable and frozen values together

// Loads the shared object at `path` and finds its functions. On failure writes one line into
// message[capacity] (always terminated) and returns EVT_NOT_LOADED.
evt_status evt_kernel_open(const char *path, evt_kernel *kernel, char *message, size_t capacity);

// Whether the numbers of trainable and of frozen values are in their ranges: 1 or 0.
int evt_kernel_counts_are_valid(const evt_kernel *kernel);

// Unloads it; `kernel` must not be used any more.
void evt_kernel_close(evt_kernel *kernel);

// The function and its derivative at `count` points, trainable values at their initial values.
//   x, f, df  [count];  scratch [(1 + parameters) * count]
// EVT_BAD_ARGUMENT: count is below 1, or the kernel has layer functions, which have no value at a point.
evt_status evt_kernel_evaluate(const evt_kernel *kernel, const float *x, int64_t count, float *f, float *df,
                               float *scratch);

#endif
