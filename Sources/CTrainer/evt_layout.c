#include "evt_layout.h"

#include <string.h>

#include "evt_random.h"

static int64_t padded(int64_t floats) { return (floats + 15) & ~(int64_t)15; }

// Offset of `floats` more floats, each piece on a multiple of 16 floats = 64 bytes.
static int64_t take(int64_t *end, int64_t floats) {
    int64_t offset = *end;
    *end += padded(floats);
    return offset;
}

static int valid(const evt_kernel *kernel, const evt_training *training, const evt_task *task) {
    enum { LARGEST = 1 << 20 };
    if (!evt_kernel_counts_are_valid(kernel)) return 0;
    if (training->hidden_count < 1 || training->hidden_count > EVT_MAX_HIDDEN) return 0;
    for (int32_t l = 0; l < training->hidden_count; l++)
        if (training->hidden[l] < 1 || training->hidden[l] > LARGEST) return 0;
    if (training->optimiser != EVT_ADAM && training->optimiser != EVT_SGD) return 0;
    if (training->schedule != EVT_CONSTANT && training->schedule != EVT_COSINE) return 0;
    if (!(training->rate > 0) || training->steps < 1 || training->batch < 1) return 0;
    if (task->inputs < 1 || task->inputs > LARGEST || task->outputs < 1 || task->outputs > LARGEST) return 0;
    if (task->head != EVT_SQUARED && (task->head != EVT_CROSS_ENTROPY || task->outputs < 2)) return 0;
    if (training->batch > task->train.count || task->train.count > INT32_MAX) return 0;
    return task->in_distribution.count >= 1 && task->out_of_distribution.count >= 1;
}

evt_status evt_layout_make(evt_layout *layout, const evt_kernel *kernel, const evt_training *training,
                           const evt_task *task) {
    if (!valid(kernel, training, task)) return EVT_BAD_ARGUMENT;
    int64_t batch = training->batch, widest = 0, largest = 0, block = 0;
    layout->hidden = training->hidden_count;
    layout->parameters = kernel->parameters;
    for (int32_t l = 0; l <= layout->hidden; l++) {
        evt_layer *layer = &layout->layers[l];
        layer->fan_in = l == 0 ? task->inputs : layout->layers[l - 1].units;
        layer->units = l == layout->hidden ? task->outputs : training->hidden[l];
        layer->weights = take(&block, layer->fan_in * layer->units);
        layer->bias = take(&block, layer->units);
        layer->p = take(&block, l == layout->hidden ? 0 : kernel->parameters + kernel->frozen);
        if (l < layout->hidden && layer->units > widest) widest = layer->units;
        if (layer->fan_in * layer->units > largest) largest = layer->fan_in * layer->units;
    }
    layout->block = block;

    int64_t end = 0;
    layout->values = take(&end, block);
    layout->gradient = take(&end, block);
    layout->first = take(&end, block);
    layout->second = take(&end, block);
    layout->inputs = take(&end, batch * task->inputs);
    layout->targets = take(&end, batch * task->outputs);
    layout->outputs = take(&end, batch * task->outputs);
    layout->z = take(&end, batch * widest);
    layout->upstream = take(&end, batch * widest);
    layout->transposed = take(&end, largest);
    for (int32_t l = 0; l < layout->hidden; l++) {
        evt_layer *layer = &layout->layers[l];
        layer->y = take(&end, batch * layer->units);
        layer->dx = take(&end, batch * layer->units);
        layer->dp = take(&end, kernel->layer_forward ? 0 : kernel->parameters * batch * layer->units);
    }
    int64_t most = 0;
    for (int32_t l = 0; l < layout->hidden && kernel->layer_forward; l++) {
        int64_t floats = kernel->layer_workspace(batch, layout->layers[l].units);
        if (floats > most) most = floats;
    }
    layout->kernel = take(&end, most);
    layout->order = take(&end, task->train.count);
    layout->total = end;
    return EVT_OK;
}

void evt_layout_initialise(const evt_layout *layout, const evt_kernel *kernel, uint64_t seed, float *values) {
    evt_random random = evt_random_make(seed, EVT_WEIGHT_STREAM);
    memset(values, 0, (size_t)layout->block * sizeof(float));
    for (int32_t l = 0; l <= layout->hidden; l++) {
        const evt_layer *layer = &layout->layers[l];
        double deviation = 1 / sqrt((double)layer->fan_in);
        for (int64_t i = 0; i < layer->fan_in * layer->units; i++)
            values[layer->weights + i] = (float)(deviation * evt_random_normal(&random));
        for (int64_t i = 0; i < layer->units; i++)
            values[layer->bias + i] = (float)(deviation * (2 * evt_random_uniform(&random) - 1));
        if (l < layout->hidden)
            for (int32_t k = 0; k < kernel->parameters + kernel->frozen; k++)
                values[layer->p + k] = kernel->initials[k];
    }
}

evt_status evt_parameter_count(const evt_kernel *kernel, const evt_training *training, const evt_task *task,
                               int64_t *count) {
    evt_layout layout;
    evt_status status = evt_layout_make(&layout, kernel, training, task);
    if (status == EVT_OK) *count = layout.block;
    return status;
}

evt_status evt_initial_parameters(const evt_kernel *kernel, const evt_training *training, const evt_model *model,
                                  float *parameters) {
    evt_layout layout;
    evt_status status = evt_layout_make(&layout, kernel, training, model->task);
    if (status == EVT_OK) evt_layout_initialise(&layout, kernel, model->seed, parameters);
    return status;
}

evt_status evt_workspace_bytes(const evt_kernel *kernel, const evt_training *training, const evt_model *models,
                               int64_t model_count, size_t *bytes) {
    size_t largest = 0;
    for (int64_t i = 0; i < model_count; i++) {
        evt_layout layout;
        evt_status status = evt_layout_make(&layout, kernel, training, models[i].task);
        if (status != EVT_OK) return status;
        size_t needed = (size_t)layout.total * sizeof(float);
        if (needed > largest) largest = needed;
    }
    *bytes = largest;
    return EVT_OK;
}
