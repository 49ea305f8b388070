#include "evt_head.h"

#include <math.h>

double evt_head_terms(const evt_task *task, int64_t rows) {
    return (double)(task->head == EVT_CROSS_ENTROPY ? rows : rows * task->outputs);
}

float evt_head_scale(const evt_task *task, int64_t rows) {
    return task->head == EVT_CROSS_ENTROPY ? 1.0f / (float)rows : 2.0f / (float)(rows * task->outputs);
}

static double squared_residuals(const float *targets, int64_t count, float *outputs) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++) {
        outputs[i] -= targets[i];
        sum += (double)outputs[i] * outputs[i];
    }
    return sum;
}

// One sample's outputs become softmax(outputs) - targets. With the largest output taken off first no exponential
// overflows, and the logarithm's argument is at least 1.
static double softmax_residuals(const float *targets, int64_t classes, float *outputs) {
    float largest = outputs[0];
    for (int64_t k = 1; k < classes; k++) largest = outputs[k] > largest ? outputs[k] : largest;
    float sum = 0;
    for (int64_t k = 0; k < classes; k++) sum += expf(outputs[k] - largest);
    double logarithm = log((double)sum), loss = 0;
    for (int64_t k = 0; k < classes; k++) {
        float below = outputs[k] - largest;
        // Not "target times": a class of probability 0 must not turn an infinite distance into NaN.
        if (targets[k] > 0) loss += (double)targets[k] * (logarithm - (double)below);
        outputs[k] = expf(below) / sum - targets[k];
    }
    return loss;
}

double evt_head_residuals(const evt_task *task, const float *targets, int64_t rows, float *outputs) {
    if (task->head != EVT_CROSS_ENTROPY) return squared_residuals(targets, rows * task->outputs, outputs);
    double sum = 0;
    for (int64_t row = 0; row < rows; row++)
        sum += softmax_residuals(targets + row * task->outputs, task->outputs, outputs + row * task->outputs);
    return sum;
}

static int64_t largest_of(const float *values, int64_t count) {
    int64_t place = 0;
    for (int64_t i = 1; i < count; i++)
        if (values[i] > values[place]) place = i;
    return place;
}

void evt_head_count(const evt_task *task, const evt_points *points, int64_t first, int64_t rows, const float *outputs,
                    evt_errors *errors) {
    if (task->head != EVT_CROSS_ENTROPY) return;
    int64_t classes = task->outputs;
    for (int64_t row = 0; row < rows; row++) {
        const float *target = points->targets + (first + row) * classes;
        if (largest_of(outputs + row * classes, classes) != largest_of(target, classes)) continue;
        errors->accuracy += 1;
        if (points->groups) errors->group_accuracies[points->groups[first + row]] += 1;
    }
}

// Sum over the outputs of the variances of the data set's own targets, divided by the number of outputs.
static double variance_of(const evt_points *points, int64_t outputs) {
    double total = 0;
    for (int64_t o = 0; o < outputs; o++) {
        double mean = 0, variance = 0;
        for (int64_t i = 0; i < points->count; i++) mean += points->targets[i * outputs + o];
        mean /= (double)points->count;
        for (int64_t i = 0; i < points->count; i++) {
            double off = points->targets[i * outputs + o] - mean;
            variance += off * off;
        }
        total += variance / (double)points->count;
    }
    return total / (double)outputs;
}

// Cross-entropy on `points` of a prediction that knows the training set's class frequencies and nothing else.
static double blind_cross_entropy(const evt_points *train, const evt_points *points, int64_t classes) {
    double total = 0;
    for (int64_t k = 0; k < classes; k++) {
        double frequency = 0, share = 0;
        for (int64_t i = 0; i < train->count; i++) frequency += train->targets[i * classes + k];
        for (int64_t i = 0; i < points->count; i++) share += points->targets[i * classes + k];
        frequency /= (double)train->count;
        total -= share / (double)points->count * log(frequency > 1e-6 ? frequency : 1e-6);
    }
    return total;
}

static void normalise_counts(const evt_points *points, evt_errors *errors) {
    errors->accuracy /= (double)points->count;
    double sizes[EVT_GROUPS] = {0};
    for (int64_t i = 0; points->groups && i < points->count; i++) sizes[points->groups[i]] += 1;
    for (int group = 0; group < EVT_GROUPS; group++)
        errors->group_accuracies[group] = sizes[group] > 0 ? errors->group_accuracies[group] / sizes[group] : -1;
}

void evt_head_normalise(const evt_task *task, const evt_points *points, evt_errors *errors) {
    errors->loss = errors->sum / evt_head_terms(task, points->count);
    double constant = task->head == EVT_CROSS_ENTROPY ? blind_cross_entropy(&task->train, points, task->outputs)
                                                      : variance_of(points, task->outputs);
    errors->normalised = errors->loss / (constant > 1e-6 ? constant : 1e-6);
    if (task->head == EVT_CROSS_ENTROPY) normalise_counts(points, errors);
}
