// evt_minimise.h: the least value of a function of a few numbers, without derivatives, within a fixed number of trials.
//
// The simplex method of Nelder and Mead 1965 as GSL has it (gsl_multimin_fminimizer_nmsimplex2): made for functions that
// are dear and not smooth. It is deterministic: the same function, start and steps give the same trials in the same order.
// evt_init (evt_trainer.h) must have been called before, or GSL ends the program at its first error.
#ifndef EVT_MINIMISE_H
#define EVT_MINIMISE_H

#include <stdint.h>

#include "evt_status.h"

enum { EVT_MAX_DIMENSIONS = 64 };

// The function's value at point [dimensions]. A value that is not finite counts as worse than every finite one.
//   context  what the caller of evt_minimise gave
typedef double (*evt_objective)(const double *point, int32_t dimensions, void *context);

typedef struct {
    int32_t dimensions;   // 1 ... EVT_MAX_DIMENSIONS
    int32_t trials;       // calls of the function, at least 1; the first is at the start
    const double *start;  // [dimensions], finite
    const double *steps;  // [dimensions], finite and not 0: the first simplex is the start, and the start moved by each
} evt_search;

typedef struct {
    double first;    // the function at the start
    double value;    // the least value found: never above `first`
    int32_t trials;  // calls made: as many as allowed, fewer only when the simplex has shrunk to a point
} evt_minimum;

// Looks for the least value.
//   best  [dimensions]: where it was found; the start when nothing was better than it
// EVT_BAD_ARGUMENT: a size or a number is out of its range. EVT_UNAVAILABLE: GSL has no memory; nothing was called.
evt_status evt_minimise(const evt_search *search, evt_objective objective, void *context, double *best,
                        evt_minimum *found);

#endif
