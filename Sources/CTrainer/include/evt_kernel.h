// evt_kernel.h: a candidate activation function, loaded from a shared object.
//
// The functions of the kernel ABI. z, y and dx are [batch x units] row-major; the pre-activation is
// x = z + bias[unit]; p holds the layer's current trainable values; dp is [parameters][batch * units]: the
// derivative of every y with respect to every trainable value. Pointers never alias.
#ifndef EVT_KERNEL_H
#define EVT_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "evt_status.h"

typedef void (*evt_forward_function)(const float *z, const float *bias, float *y, int64_t batch, int64_t units,
                                     const float *p);
typedef void (*evt_forward_gradient_function)(const float *z, const float *bias, float *y, float *dx, float *dp,
                                              int64_t batch, int64_t units, const float *p);

typedef struct {
    int32_t parameters;     // trainable values of one layer, 0 ... EVT_MAX_PARAMETERS
    const float *initials;  // [parameters]; may be NULL when there are none
    evt_forward_function forward;
    evt_forward_gradient_function forward_gradient;
    void *library;          // what evt_kernel_close closes
} evt_kernel;

enum { EVT_MAX_PARAMETERS = 1024 };

// Loads the shared object at `path` and finds its four functions. On failure writes one line into
// message[capacity] (always terminated) and returns EVT_NOT_LOADED.
evt_status evt_kernel_open(const char *path, evt_kernel *kernel, char *message, size_t capacity);

// Unloads it; `kernel` must not be used any more.
void evt_kernel_close(evt_kernel *kernel);

// The function and its derivative at `count` points, trainable values at their initial values.
//   x, f, df  [count];  scratch [(1 + parameters) * count]
evt_status evt_kernel_evaluate(const evt_kernel *kernel, const float *x, int64_t count, float *f, float *df,
                               float *scratch);

#endif
