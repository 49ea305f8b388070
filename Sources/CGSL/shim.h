#include <gsl/gsl_errno.h>
#include <gsl/gsl_qrng.h>
#include <gsl/gsl_sf_legendre.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_cdf.h>
