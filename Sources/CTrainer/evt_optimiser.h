// evt_optimiser.h: the elementwise passes of a training step, each one sweep over contiguous memory. Internal.
#ifndef EVT_OPTIMISER_H
#define EVT_OPTIMISER_H

#include <stdint.h>

// One Adam step over a whole parameter block. step counts from 0.
void evt_adam(float *restrict values, const float *restrict gradient, float *restrict first, float *restrict second,
              int64_t count, int64_t step, float rate);

void evt_sgd(float *restrict values, const float *restrict gradient, int64_t count, float rate);

// dx [batch x units] becomes dL/dz = dL/dy * dy/dx; bias [units] becomes its column sums.
void evt_activation_gradient(float *restrict dx, const float *restrict upstream, float *restrict bias, int64_t batch,
                             int64_t units);

// sums [columns] = sums of the columns of a [rows x columns].
void evt_column_sums(const float *restrict a, float *restrict sums, int64_t rows, int64_t columns);

#endif
