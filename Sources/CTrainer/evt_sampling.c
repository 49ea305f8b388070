#include "evt_sampling.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_qrng.h>
#include <gsl/gsl_sf_legendre.h>
#include <math.h>

evt_status evt_sobol(int32_t dimension, int64_t first, int64_t count, double *points) {
    if (dimension < 1 || dimension > EVT_MAX_SOBOL || first < 1 || count < 0) return EVT_BAD_ARGUMENT;
    gsl_qrng *generator = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)dimension);
    if (!generator) return EVT_UNAVAILABLE;
    double skipped[EVT_MAX_SOBOL];
    int failed = 0;
    for (int64_t index = 1; index < first && !failed; index++) failed = gsl_qrng_get(generator, skipped);
    for (int64_t index = 0; index < count && !failed; index++)
        failed = gsl_qrng_get(generator, points + index * dimension);
    gsl_qrng_free(generator);
    return failed ? EVT_UNAVAILABLE : EVT_OK;
}

evt_status evt_legendre(int32_t degree, int32_t order, double x, double *value) {
    if (order < 0 || order > degree || !(x >= -1 && x <= 1)) return EVT_BAD_ARGUMENT;
    gsl_sf_result result;
    int failed = gsl_sf_legendre_sphPlm_e(degree, order, x, &result);
    *value = result.val;
    // An underflow is a correct zero.
    return failed && failed != GSL_EUNDRFLW ? EVT_UNAVAILABLE : EVT_OK;
}
