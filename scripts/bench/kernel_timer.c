// Nanoseconds per element of compiled kernels (Sources/ActivationCodegen/KernelPrinter.swift has their interface).
//
//   kernel_timer REPEATS KERNEL.so…     prints "nanoseconds path" a line, in the order given: the best of REPEATS
//
// Every repeat visits all kernels in turn, so that noise of the machine and changes of its clock fall on all alike: compare
// times of one run only. The layer is the one that suites train: 64 samples × 32 units, which with all outputs stays in the
// nearest caches.
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BATCH = 64, UNITS = 32, ELEMENTS = BATCH * UNITS, MOST_PARAMETERS = 32, CALLS = 100 };

typedef void gradient_function(const float *, const float *, float *, float *, float *, int64_t, int64_t,
                               const float *);

typedef struct {
    gradient_function *run;
    const float *initials;
    double best;
} kernel;

static float z[ELEMENTS], bias[UNITS], y[ELEMENTS], dx[ELEMENTS], dp[MOST_PARAMETERS * ELEMENTS];

static kernel load(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "kernel_timer: %s\n", dlerror());
        exit(1);
    }
    const float *(*initials)(void) = (const float *(*)(void))dlsym(library, "evt_kernel_initials");
    int32_t (*parameters)(void) = (int32_t(*)(void))dlsym(library, "evt_kernel_parameters");
    gradient_function *run = (gradient_function *)dlsym(library, "evt_kernel_forward_gradient");
    if (!initials || !parameters || !run || parameters() > MOST_PARAMETERS) {
        fprintf(stderr, "kernel_timer: %s is no kernel of at most %d trainables\n", path, MOST_PARAMETERS);
        exit(1);
    }
    return (kernel){run, initials(), 1e30};
}

static void measure(kernel *k) {
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int call = 0; call < CALLS; call++) k->run(z, bias, y, dx, dp, BATCH, UNITS, k->initials);
    clock_gettime(CLOCK_MONOTONIC, &end);
    const double seconds = (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
    const double each = 1e9 * seconds / ((double)CALLS * ELEMENTS);
    if (each < k->best) k->best = each;
}

int main(int count, char **arguments) {
    if (count < 3) return 64;
    const int repeats = atoi(arguments[1]);
    const int kernels = count - 2;
    kernel *all = calloc((size_t)kernels, sizeof *all);
    if (!all) return 71;
    for (int i = 0; i < kernels; i++) all[i] = load(arguments[i + 2]);
    // Pre-activations as a layer sees them: spread over [−3, 3], in no order.
    for (int i = 0; i < ELEMENTS; i++) z[i] = 6.0f * (float)((i * 769) % ELEMENTS) / ELEMENTS - 3.0f;
    for (int repeat = 0; repeat < repeats; repeat++) {
        for (int i = 0; i < kernels; i++) measure(&all[i]);
    }
    for (int i = 0; i < kernels; i++) printf("%.4f %s\n", all[i].best, arguments[i + 2]);
    free(all);
    return 0;
}
