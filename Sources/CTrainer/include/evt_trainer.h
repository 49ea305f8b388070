// evt_trainer.h: multi-layer perceptrons in float32 with a candidate activation function, on OpenBLAS.
//
// Network: inputs -> hidden[0] -> ... -> hidden[n-1] -> outputs. Hidden layer l computes y = f(z + bias; p) with
// z = h W, the output layer is linear. All matrices are row-major: samples are rows, W is [fan_in x units].
// f is a candidate's compiled kernel (evt_kernel.h): bias, value and derivative come from one call.
// A kernel that looks at its layer sees the batch at hand, in training and in tests: a data set is tested in batches of
// the training's size, in its own order, the last one filled up with samples before it.
//
// Loss, by the task's head:
//   EVT_SQUARED        mean over the batch and the outputs of (output - target)^2; inputs and targets should be
//                      standardised;
//   EVT_CROSS_ENTROPY  mean over the batch of - sum over the outputs of target * log(softmax(outputs)); the targets of a
//                      sample are probabilities (1 for its class, 0 elsewhere), and there are at least two outputs.
//
// Initial values (the same for every kernel, given seed and layer sizes):
//   weights  normal with mean 0 and variance 1 / fan_in (LeCun et al. 1998, "Efficient BackProp");
//   biases   uniform in +-1 / sqrt(fan_in), so that the kinks of one-input networks are spread over the data;
//   p        the kernel's own initial values, one copy per hidden layer, trained by the same optimiser; behind them its
//            frozen values, which stay as they are.
//
// Batches: the seed gives a stream of permutations of the training points; an epoch is one permutation cut into
// batches, a remainder smaller than a batch is left out. Weights and batches come from two separate streams of
// xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64; so neither depends on the other's length.
//
// Parameter block (floats): for each layer, weights [fan_in x units], biases [units] and, in hidden layers,
// p [parameters + frozen]; every piece starts on a multiple of 16 floats, the gaps are zero and stay zero.
//
// Everything here is deterministic on a given machine: a model's outcome depends on kernel, settings, task and seed, not
// on the other models of the call. Nothing allocates, prints or keeps global state; buffers are the caller's.
// Functions return EVT_OK or the reason why nothing was done.
#ifndef EVT_TRAINER_H
#define EVT_TRAINER_H

#include <stddef.h>
#include <stdint.h>

#include "evt_kernel.h"
#include "evt_status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EVT_GROUPS = 3 };  // of the classes, by how often they occur: head, middle, tail

// One data set. Pointers stay the caller's.
typedef struct {
    const float *inputs;    // [count x inputs of the task]
    const float *targets;   // [count x outputs of the task]
    int64_t count;          // at least 1
    const uint8_t *groups;  // NULL, or [count]: each sample's group, below EVT_GROUPS, whose accuracies are wanted
} evt_points;

enum { EVT_SQUARED = 0, EVT_CROSS_ENTROPY = 1 };

typedef struct {
    int32_t inputs;
    int32_t outputs;
    evt_points train;
    evt_points in_distribution;
    evt_points out_of_distribution;
    int32_t head;  // EVT_SQUARED or EVT_CROSS_ENTROPY
} evt_task;

enum { EVT_ADAM = 0, EVT_SGD = 1 };          // Adam: Kingma and Ba 2015, beta 0.9 and 0.999, epsilon 1e-8
enum { EVT_CONSTANT = 0, EVT_COSINE = 1 };   // cosine: rate * (1 + cos(pi * step / steps)) / 2, step from 0

// The vector instructions that matrix products use. What the machine has is found when first asked for.
typedef enum { EVT_BEST = 0, EVT_PLAIN = 1, EVT_AVX2 = 2, EVT_AVX512 = 3 } evt_instructions;

typedef struct {
    const int32_t *hidden;  // units of each hidden layer, each at least 1
    int32_t hidden_count;   // 1 ... EVT_MAX_HIDDEN
    int32_t optimiser;      // EVT_ADAM or EVT_SGD
    int32_t schedule;       // EVT_CONSTANT or EVT_COSINE
    float rate;             // learning rate at the first step, above 0
    int64_t batch;          // samples per step, at most the training points of every task
    int64_t steps;          // optimiser steps, at least 1
    evt_instructions instructions;  // EVT_BEST, or a set that the machine has
} evt_training;

enum { EVT_MAX_HIDDEN = 64 };

// One network to train.
typedef struct {
    const evt_task *task;
    uint64_t seed;
} evt_model;

// Normalised errors, dimensionless:
//   EVT_SQUARED        mean squared error over the variance of that data set's own targets, each output by itself (at
//                      least 1e-6, which guards constant targets); 1 = as good as predicting that set's mean;
//   EVT_CROSS_ENTROPY  cross-entropy over that of the training set's class frequencies (each taken as at least 1e-6) on
//                      the same samples; 1 = as good as predicting those frequencies, whatever the inputs.
typedef struct {
    double train;
    double in_distribution;
    double out_of_distribution;
    int64_t steps;     // optimiser steps done; fewer than asked for when diverged
    int32_t diverged;  // 1: a loss or an error stopped being finite; the errors above and below are then 0
    double loss;       // out of distribution, as it is: not normalised
    // Shares of samples whose largest output is their class's; 0 without EVT_CROSS_ENTROPY.
    double in_distribution_accuracy;
    double out_of_distribution_accuracy;
    double group_accuracies[EVT_GROUPS];  // of the in-distribution samples; -1 for a group without any
} evt_outcome;

// Once per process, before anything else: one BLAS thread, and GSL reports errors as values instead of aborting.
void evt_init(void);

// In the calling thread, denormal floats are read and written as zero (they cost a hundred times a normal one).
void evt_flush_denormals(void);

// Floats of the parameter block of one model.
evt_status evt_parameter_count(const evt_kernel *kernel, const evt_training *training, const evt_task *task,
                               int64_t *count);

// Fills `parameters` (evt_parameter_count floats) with the initial values of one model.
evt_status evt_initial_parameters(const evt_kernel *kernel, const evt_training *training, const evt_model *model,
                                  float *parameters);

// The training points used by one model: indices [steps x batch], each below the task's number of training points.
// order: scratch of as many entries as the task has training points.
evt_status evt_batches(const evt_training *training, const evt_model *model, int32_t *order, int32_t *indices);

// Bytes of workspace that evt_train needs for these models (the largest of them: they use it in turn).
evt_status evt_workspace_bytes(const evt_kernel *kernel, const evt_training *training, const evt_model *models,
                               int64_t model_count, size_t *bytes);

// Trains every model from its initial values.
//   outcomes  [model_count]
//   losses    NULL, or [model_count x steps]: the loss of each step's batch before the step; left as it was from
//             the step on at which a model diverged
//   workspace at least evt_workspace_bytes bytes, aligned to 64; its contents do not matter
evt_status evt_train(const evt_kernel *kernel, const evt_training *training, const evt_model *models,
                     int64_t model_count, evt_outcome *outcomes, float *losses, void *workspace, size_t bytes);

#ifdef __cplusplus
}
#endif
#endif
