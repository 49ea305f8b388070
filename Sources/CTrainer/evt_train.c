#include <cblas.h>
#include <gsl/gsl_errno.h>
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "evt_batches.h"
#include "evt_head.h"
#include "evt_layout.h"
#include "evt_optimiser.h"
#include "evt_product.h"

void evt_init(void) {
    openblas_set_num_threads(1);
    gsl_set_error_handler_off();
}

void evt_flush_denormals(void) {
    _mm_setcsr(_mm_getcsr() | 0x8040u);  // FTZ and DAZ
}

// One model at work.
typedef struct {
    const evt_kernel *kernel;
    const evt_training *training;
    const evt_task *task;
    const evt_products *products;
    evt_layout layout;
    float *memory;
} network;

// Samples whose pre-activations are computed together, so that they are still in the nearest cache when the activation
// reads them.
static int64_t strip_rows(int64_t units) {
    int64_t rows = (4096 / units) & ~(int64_t)7;
    return rows < 8 ? 8 : rows;
}

// Values of hidden layer l for `rows` samples of the layer below, h.
static void forward_elementwise(const network *net, const evt_layer *layer, const float *h, int64_t rows,
                                int gradient) {
    const float *values = net->memory + net->layout.values;
    float *z = net->memory + net->layout.z, *dp = net->memory + layer->dp;
    // The derivatives by the trainable values lie in blocks of the whole batch, so it cannot be cut.
    int64_t strip = gradient && net->kernel->parameters ? rows : strip_rows(layer->units);
    for (int64_t first = 0; first < rows; first += strip) {
        int64_t count = rows - first < strip ? rows - first : strip, offset = first * layer->units;
        float *y = net->memory + layer->y + offset, *dx = net->memory + layer->dx + offset;
        evt_product(net->products, h + first * layer->fan_in, values + layer->weights, z, count, layer->fan_in,
                    layer->units);
        if (gradient)
            net->kernel->forward_gradient(z, values + layer->bias, y, dx, dp, count, layer->units, values + layer->p);
        else
            net->kernel->forward(z, values + layer->bias, y, count, layer->units, values + layer->p);
    }
}

// The same with a kernel that looks at its layer. With `gradient`, z takes the place of dx.
static void forward_layer(const network *net, const evt_layer *layer, const float *h, int64_t rows, int gradient) {
    const float *values = net->memory + net->layout.values;
    float *z = net->memory + (gradient ? layer->dx : net->layout.z);
    evt_product(net->products, h, values + layer->weights, z, rows, layer->fan_in, layer->units);
    net->kernel->layer_forward(z, values + layer->bias, net->memory + layer->y, rows, layer->units, values + layer->p,
                               net->memory + net->layout.kernel);
}

// Network outputs for `rows` samples (at most a batch), into the outputs buffer. With `gradient`, dx and dp of every
// hidden layer are kept too; of a kernel with layer functions, z.
static void forward(const network *net, const float *inputs, int64_t rows, int gradient) {
    const float *values = net->memory + net->layout.values;
    const float *h = inputs;
    for (int32_t l = 0; l < net->layout.hidden; l++) {
        const evt_layer *layer = &net->layout.layers[l];
        if (net->kernel->layer_forward) forward_layer(net, layer, h, rows, gradient);
        else forward_elementwise(net, layer, h, rows, gradient);
        h = net->memory + layer->y;
    }
    const evt_layer *last = &net->layout.layers[net->layout.hidden];
    float *outputs = net->memory + net->layout.outputs;
    evt_product(net->products, h, values + last->weights, outputs, rows, last->fan_in, last->units);
    for (int64_t row = 0; row < rows; row++)
        for (int64_t u = 0; u < last->units; u++) outputs[row * last->units + u] += values[last->bias + u];
}

// From upstream = dL/dy of a hidden layer to dL/d(pre-activation), which is returned, and the gradients of its biases and
// trainable values. The elementwise function without trainable values is not among them: see backward.
static const float *backward_activation(const network *net, const evt_layer *layer, const float *upstream) {
    const evt_layout *layout = &net->layout;
    const float *values = net->memory + layout->values;
    float *gradient = net->memory + layout->gradient;
    int64_t batch = net->training->batch, elements = batch * layer->units;
    if (net->kernel->layer_backward) {
        // dL/dx takes the place of z, which is of no more use.
        float *dz = net->memory + layout->z;
        net->kernel->layer_backward(net->memory + layer->dx, values + layer->bias, upstream, dz, gradient + layer->p,
                                    batch, layer->units, values + layer->p, net->memory + layout->kernel);
        evt_column_sums(dz, gradient + layer->bias, batch, layer->units);
        return dz;
    }
    for (int32_t k = 0; k < layout->parameters; k++)
        gradient[layer->p + k] = cblas_sdot((blasint)elements, upstream, 1, net->memory + layer->dp + k * elements, 1);
    float *dz = net->memory + layer->dx;
    evt_activation_gradient(dz, upstream, gradient + layer->bias, batch, layer->units);
    return dz;
}

// The gradient block, from the residuals of the batch in the outputs buffer.
static void backward(const network *net) {
    const evt_layout *layout = &net->layout;
    const float *values = net->memory + layout->values;
    float *gradient = net->memory + layout->gradient, *scratch = net->memory + layout->transposed;
    int64_t batch = net->training->batch;

    const evt_layer *last = &layout->layers[layout->hidden];
    float *residuals = net->memory + layout->outputs;
    float scale = evt_head_scale(net->task, batch);
    for (int64_t i = 0; i < batch * last->units; i++) residuals[i] *= scale;
    evt_column_sums(residuals, gradient + last->bias, batch, last->units);

    const float *dz = residuals;
    for (int32_t l = layout->hidden;; l--) {
        const evt_layer *layer = &layout->layers[l];
        const float *h = net->memory + (l == 0 ? layout->inputs : layout->layers[l - 1].y);
        evt_product_left(net->products, h, dz, gradient + layer->weights, batch, layer->fan_in, layer->units);
        if (l == 0) return;
        const evt_layer *below = &layout->layers[l - 1];
        float *upstream = net->memory + (l % 2 ? layout->upstream : layout->z);
        if (net->kernel->layer_backward || layout->parameters) {
            upstream = net->memory + layout->upstream;
            evt_product_right(net->products, dz, values + layer->weights, upstream, NULL, NULL, scratch, batch,
                              layer->fan_in, layer->units);
            dz = backward_activation(net, below, upstream);
        } else {
            // dL/dy times f' at once, and the biases' gradients with it. Two buffers in turn: dz is still being read.
            evt_product_right(net->products, dz, values + layer->weights, upstream, net->memory + below->dx,
                              gradient + below->bias, scratch, batch, layer->fan_in, layer->units);
            dz = upstream;
        }
    }
}

static void gather(const network *net, const int32_t *indices) {
    const evt_points *train = &net->task->train;
    int64_t inputs = net->task->inputs, outputs = net->task->outputs;
    float *batch_inputs = net->memory + net->layout.inputs, *batch_targets = net->memory + net->layout.targets;
    for (int64_t row = 0; row < net->training->batch; row++) {
        int64_t point = indices[row];
        for (int64_t i = 0; i < inputs; i++) batch_inputs[row * inputs + i] = train->inputs[point * inputs + i];
        for (int64_t o = 0; o < outputs; o++) batch_targets[row * outputs + o] = train->targets[point * outputs + o];
    }
}

static void update(const network *net, int64_t step) {
    const evt_training *training = net->training;
    const evt_layout *layout = &net->layout;
    double rate = training->rate;
    if (training->schedule == EVT_COSINE)
        rate *= 0.5 * (1 + cos(3.141592653589793 * (double)step / (double)training->steps));
    float *memory = net->memory;
    if (training->optimiser == EVT_ADAM)
        evt_adam(memory + layout->values, memory + layout->gradient, memory + layout->first, memory + layout->second,
                 layout->block, step, (float)rate);
    else
        evt_sgd(memory + layout->values, memory + layout->gradient, layout->block, (float)rate);
}

// The errors on a data set. It is seen in batches of the training's size, in its own order. For a kernel that looks at its
// layer each batch gives the statistics; the last one then reaches back over samples already counted, so that it is not
// smaller, unless the whole set is.
static evt_errors errors_on(const network *net, const evt_points *points) {
    int64_t outputs = net->task->outputs;
    evt_errors errors = {0};
    for (int64_t first = 0; first < points->count; first += net->training->batch) {
        int64_t rows = points->count - first < net->training->batch ? points->count - first : net->training->batch;
        int64_t again = net->kernel->layer_forward ? net->training->batch - rows : 0;
        if (again > first) again = first;
        forward(net, points->inputs + (first - again) * net->task->inputs, rows + again, 0);
        float *found = net->memory + net->layout.outputs + again * outputs;
        evt_head_count(net->task, points, first, rows, found, &errors);
        errors.sum += evt_head_residuals(net->task, points->targets + first * outputs, rows, found);
    }
    evt_head_normalise(net->task, points, &errors);
    return errors;
}

static evt_outcome train_one(network *net, uint64_t seed, float *losses) {
    const evt_layout *layout = &net->layout;
    const evt_training *training = net->training;
    evt_outcome outcome = {0};
    // Zeroed: the gradient's gaps and the moments must begin at zero.
    memset(net->memory, 0, (size_t)layout->total * sizeof(float));
    evt_layout_initialise(layout, net->kernel, seed, net->memory + layout->values);
    evt_batch_stream batches = evt_batch_stream_make(seed, (int32_t *)(void *)(net->memory + layout->order),
                                                     net->task->train.count, training->batch);
    for (int64_t step = 0; step < training->steps; step++) {
        gather(net, evt_batch_stream_next(&batches));
        forward(net, net->memory + layout->inputs, training->batch, 1);
        double loss = evt_head_residuals(net->task, net->memory + layout->targets, training->batch,
                                         net->memory + layout->outputs)
            / evt_head_terms(net->task, training->batch);
        if (!isfinite(loss)) {
            outcome.diverged = 1;
            return outcome;
        }
        if (losses) losses[step] = (float)loss;
        backward(net);
        update(net, step);
        outcome.steps = step + 1;
    }
    evt_errors train = errors_on(net, &net->task->train);
    evt_errors inside = errors_on(net, &net->task->in_distribution);
    evt_errors outside = errors_on(net, &net->task->out_of_distribution);
    if (!isfinite(train.normalised) || !isfinite(inside.normalised) || !isfinite(outside.normalised)) {
        outcome.diverged = 1;
        return outcome;
    }
    outcome.train = train.normalised;
    outcome.in_distribution = inside.normalised;
    outcome.out_of_distribution = outside.normalised;
    outcome.loss = outside.loss;
    outcome.in_distribution_accuracy = inside.accuracy;
    outcome.out_of_distribution_accuracy = outside.accuracy;
    for (int group = 0; group < EVT_GROUPS; group++) outcome.group_accuracies[group] = inside.group_accuracies[group];
    return outcome;
}

evt_status evt_train(const evt_kernel *kernel, const evt_training *training, const evt_model *models,
                     int64_t model_count, evt_outcome *outcomes, float *losses, void *workspace, size_t bytes) {
    size_t needed = 0;
    evt_status status = evt_workspace_bytes(kernel, training, models, model_count, &needed);
    if (status != EVT_OK) return status;
    if (bytes < needed || ((uintptr_t)workspace & 63) != 0) return EVT_SMALL_WORKSPACE;
    for (int64_t i = 0; i < model_count; i++) {
        network net = {.kernel = kernel, .training = training, .task = models[i].task, .products = evt_products_of(training->instructions), .memory = workspace};
        status = evt_layout_make(&net.layout, kernel, training, models[i].task);
        if (status != EVT_OK) return status;
        outcomes[i] = train_one(&net, models[i].seed, losses ? losses + i * training->steps : NULL);
    }
    return EVT_OK;
}

evt_status evt_batches(const evt_training *training, const evt_model *model, int32_t *order, int32_t *indices) {
    int64_t count = model->task->train.count;
    if (training->batch < 1 || training->batch > count || count > INT32_MAX) return EVT_BAD_ARGUMENT;
    evt_batch_stream stream = evt_batch_stream_make(model->seed, order, count, training->batch);
    for (int64_t step = 0; step < training->steps; step++)
        memcpy(indices + step * training->batch, evt_batch_stream_next(&stream),
               (size_t)training->batch * sizeof(int32_t));
    return EVT_OK;
}
