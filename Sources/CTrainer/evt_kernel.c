#include "evt_kernel.h"

#include <dlfcn.h>
#include <stdio.h>

typedef int32_t (*parameters_function)(void);
typedef const float *(*initials_function)(void);

// POSIX makes object and function pointers interchangeable for dlsym; ISO C does not, hence the copy by union.
typedef union {
    void *object;
    parameters_function parameters;
    initials_function initials;
    evt_forward_function forward;
    evt_forward_gradient_function forward_gradient;
    evt_layer_workspace_function layer_workspace;
    evt_layer_forward_function layer_forward;
    evt_layer_backward_function layer_backward;
} symbol;

int evt_kernel_counts_are_valid(const evt_kernel *kernel) {
    return kernel->parameters >= 0 && kernel->parameters <= EVT_MAX_PARAMETERS && kernel->frozen >= 0
        && kernel->frozen <= EVT_MAX_PARAMETERS - kernel->parameters;
}

evt_status evt_kernel_open(const char *path, evt_kernel *kernel, char *message, size_t capacity) {
    if (capacity) message[0] = 0;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *reason = dlerror();
        snprintf(message, capacity, "%s", reason ? reason : "unknown reason");
        return EVT_NOT_LOADED;
    }
    static const char *const names[] = {"evt_kernel_parameters", "evt_kernel_initials", "evt_kernel_forward",
                                        "evt_kernel_forward_gradient", "evt_kernel_layer_workspace",
                                        "evt_kernel_layer_forward", "evt_kernel_layer_backward"};
    enum { ELEMENTWISE = 2, LAYER = 4, END = 7 };
    int is_layer = dlsym(library, names[LAYER]) != NULL;
    symbol symbols[END] = {0};
    for (int index = 0; index < END; index++) {
        if (index >= ELEMENTWISE && (index >= LAYER) != is_layer) continue;
        symbols[index].object = dlsym(library, names[index]);
        if (!symbols[index].object) {
            snprintf(message, capacity, "%s: function %s is missing", path, names[index]);
            dlclose(library);
            return EVT_NOT_LOADED;
        }
    }
    // Optional, so that the text of kernels without such values need not say so.
    symbol frozen = {.object = dlsym(library, "evt_kernel_frozen")};
    kernel->parameters = symbols[0].parameters();
    kernel->frozen = frozen.object ? frozen.parameters() : 0;
    kernel->initials = symbols[1].initials();
    kernel->forward = symbols[2].forward;
    kernel->forward_gradient = symbols[3].forward_gradient;
    kernel->layer_workspace = symbols[4].layer_workspace;
    kernel->layer_forward = symbols[5].layer_forward;
    kernel->layer_backward = symbols[6].layer_backward;
    kernel->library = library;
    if (!evt_kernel_counts_are_valid(kernel) || (kernel->parameters + kernel->frozen > 0 && !kernel->initials)) {
        snprintf(message, capacity, "%s: %d trainable and %d frozen parameters", path, kernel->parameters,
                 kernel->frozen);
        dlclose(library);
        return EVT_NOT_LOADED;
    }
    return EVT_OK;
}

void evt_kernel_close(evt_kernel *kernel) {
    if (kernel->library) dlclose(kernel->library);
    *kernel = (evt_kernel){0};
}

evt_status evt_kernel_evaluate(const evt_kernel *kernel, const float *x, int64_t count, float *f, float *df,
                               float *scratch) {
    if (count < 1 || kernel->layer_forward) return EVT_BAD_ARGUMENT;
    // One sample of `count` units with no bias.
    for (int64_t index = 0; index < count; index++) scratch[index] = 0;
    kernel->forward_gradient(x, scratch, f, df, scratch + count, 1, count, kernel->initials);
    return EVT_OK;
}
