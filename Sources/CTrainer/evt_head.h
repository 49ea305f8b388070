// evt_head.h: what a network's outputs are held against: loss, its gradient, and the errors on a test set. Internal.
//
// Samples are rows: outputs and targets are [rows x outputs of the task].
#ifndef EVT_HEAD_H
#define EVT_HEAD_H

#include "evt_trainer.h"

typedef struct {
    double sum;         // of the losses' terms; see evt_head_terms
    double loss;        // sum over the number of terms
    double normalised;  // loss over that of the constant prediction; see evt_outcome
    double accuracy;    // first the number of right answers, in the end their share
    double group_accuracies[EVT_GROUPS];
} evt_errors;

// Turns `rows` network outputs into residuals, in place: what evt_head_scale makes the loss's gradient by the outputs.
// Returns the sum of the losses' terms.
double evt_head_residuals(const evt_task *task, const float *targets, int64_t rows, float *outputs);

// The number of terms that a loss of `rows` samples is the mean of.
double evt_head_terms(const evt_task *task, int64_t rows);

// Residuals times this are the gradient of the mean loss of `rows` samples.
float evt_head_scale(const evt_task *task, int64_t rows);

// Adds the right answers among `rows` network outputs for the samples of `points` from `first` on.
void evt_head_count(const evt_task *task, const evt_points *points, int64_t first, int64_t rows, const float *outputs,
                    evt_errors *errors);

// From the sums over a whole data set to its errors.
void evt_head_normalise(const evt_task *task, const evt_points *points, evt_errors *errors);

#endif
