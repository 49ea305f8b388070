// evt_batches.h: which training points each step sees. Internal.
#ifndef EVT_BATCHES_H
#define EVT_BATCHES_H

#include "evt_random.h"
#include "evt_trainer.h"

typedef struct {
    evt_random random;
    int32_t *order;  // [count], the epoch's permutation
    int64_t count, batch, next;
} evt_batch_stream;

static inline evt_batch_stream evt_batch_stream_make(uint64_t seed, int32_t *order, int64_t count, int64_t batch) {
    for (int64_t i = 0; i < count; i++) order[i] = (int32_t)i;
    return (evt_batch_stream){evt_random_make(seed, EVT_BATCH_STREAM), order, count, batch, count};
}

// The next batch: `batch` indices, valid until the next call. A new epoch begins when too few points are left.
static inline const int32_t *evt_batch_stream_next(evt_batch_stream *stream) {
    if (stream->next + stream->batch > stream->count) {
        for (int64_t i = stream->count - 1; i > 0; i--) {  // Fisher and Yates
            int64_t j = evt_random_below(&stream->random, i + 1);
            int32_t kept = stream->order[i];
            stream->order[i] = stream->order[j];
            stream->order[j] = kept;
        }
        stream->next = 0;
    }
    const int32_t *batch = stream->order + stream->next;
    stream->next += stream->batch;
    return batch;
}

#endif
