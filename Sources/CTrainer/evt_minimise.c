#include "evt_minimise.h"

#include <gsl/gsl_multimin.h>
#include <math.h>

// Worse than every value of a function. Not infinite: GSL gives up on what is not finite, instead of turning away from it.
static const double worst = 1e300;

// The trials so far. The best of them is kept here, not taken from the simplex: GSL's own best is that of a whole
// iteration, and the last one may be cut short by the budget.
typedef struct {
    const evt_search *search;
    evt_objective objective;
    void *context;
    double *best;
    evt_minimum *found;
} trials;

static double attempt(const gsl_vector *place, void *parameters) {
    trials *all = parameters;
    int32_t dimensions = all->search->dimensions;
    if (all->found->trials == all->search->trials) return worst;
    double point[EVT_MAX_DIMENSIONS];
    for (int32_t i = 0; i < dimensions; i++) point[i] = gsl_vector_get(place, (size_t)i);
    double value = all->objective(point, dimensions, all->context);
    if (!isfinite(value) || value > worst) value = worst;
    int is_first = all->found->trials++ == 0;
    if (is_first) all->found->first = value;
    if (!is_first && value >= all->found->value) return value;
    all->found->value = value;
    for (int32_t i = 0; i < dimensions; i++) all->best[i] = point[i];
    return value;
}

static int valid(const evt_search *search) {
    if (search->dimensions < 1 || search->dimensions > EVT_MAX_DIMENSIONS || search->trials < 1) return 0;
    for (int32_t i = 0; i < search->dimensions; i++)
        if (!isfinite(search->start[i]) || !isfinite(search->steps[i]) || search->steps[i] == 0) return 0;
    return 1;
}

evt_status evt_minimise(const evt_search *search, evt_objective objective, void *context, double *best,
                        evt_minimum *found) {
    if (!valid(search)) return EVT_BAD_ARGUMENT;
    size_t dimensions = (size_t)search->dimensions;
    gsl_multimin_fminimizer *minimiser = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, dimensions);
    if (!minimiser) return EVT_UNAVAILABLE;
    *found = (evt_minimum){0};
    trials all = {search, objective, context, best, found};
    gsl_multimin_function function = {.f = attempt, .n = dimensions, .params = &all};
    gsl_vector_const_view start = gsl_vector_const_view_array(search->start, dimensions);
    gsl_vector_const_view steps = gsl_vector_const_view_array(search->steps, dimensions);
    int failed = gsl_multimin_fminimizer_set(minimiser, &function, &start.vector, &steps.vector);
    // GSL calls the function at the start first, and at least once in every iteration.
    while (!failed && found->trials < search->trials && gsl_multimin_fminimizer_size(minimiser) > 1e-9)
        failed = gsl_multimin_fminimizer_iterate(minimiser);
    gsl_multimin_fminimizer_free(minimiser);
    // What stops GSL early (a simplex without extent) leaves a minimum all the same, once there was a trial.
    return found->trials > 0 ? EVT_OK : EVT_UNAVAILABLE;
}
