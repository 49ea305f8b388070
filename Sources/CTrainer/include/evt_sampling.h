// evt_sampling.h: points and special functions for data sets, on GSL. Call evt_init first.
#ifndef EVT_SAMPLING_H
#define EVT_SAMPLING_H

#include <stdint.h>

#include "evt_status.h"

enum { EVT_MAX_SOBOL = 40 };  // dimensions that GSL's generator has

// Points `first` ... `first + count - 1` of the Sobol sequence (Antonov and Saleev 1979) in [0, 1)^dimension, into
// points [count x dimension]. Point 0 is the origin, which the generator never returns: `first` is at least 1.
evt_status evt_sobol(int32_t dimension, int64_t first, int64_t count, double *points);

// The normalised associated Legendre function for spherical harmonics,
// sqrt((2l+1)/(4 pi) (l-m)!/(l+m)!) P_l^m(x), for 0 <= m <= l and -1 <= x <= 1.
evt_status evt_legendre(int32_t degree, int32_t order, double x, double *value);

#endif
