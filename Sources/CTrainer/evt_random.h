// evt_random.h: xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64. Internal.
#ifndef EVT_RANDOM_H
#define EVT_RANDOM_H

#include <math.h>
#include <stdint.h>

typedef struct {
    uint64_t state[4];
} evt_random;

// Streams of one seed that must not depend on each other.
enum { EVT_WEIGHT_STREAM = 1, EVT_BATCH_STREAM = 2 };

static inline uint64_t evt_splitmix(uint64_t *state) {
    uint64_t word = (*state += 0x9E3779B97F4A7C15u);
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9u;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EBu;
    return word ^ (word >> 31);
}

static inline evt_random evt_random_make(uint64_t seed, uint64_t stream) {
    // The seed is mixed before the stream number is added, so that neighbouring seeds share no stream.
    uint64_t state = seed;
    state = evt_splitmix(&state) + stream;
    evt_random random;
    for (int index = 0; index < 4; index++) random.state[index] = evt_splitmix(&state);
    return random;
}

static inline uint64_t evt_random_next(evt_random *random) {
    uint64_t *s = random->state;
    uint64_t product = s[1] * 5, result = ((product << 7) | (product >> 57)) * 9, shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = (s[3] << 45) | (s[3] >> 19);
    return result;
}

// Uniform in [0, 1).
static inline double evt_random_uniform(evt_random *random) {
    return (double)(evt_random_next(random) >> 11) * 0x1p-53;
}

// Standard normal (Box and Muller 1958); 1 - u keeps the logarithm's argument above 0.
static inline double evt_random_normal(evt_random *random) {
    double radius = sqrt(-2 * log(1 - evt_random_uniform(random)));
    return radius * cos(6.283185307179586 * evt_random_uniform(random));
}

// Uniform in 0 ... count - 1, count below 2^31: the bias of the plain product is below 2^-32.
static inline int64_t evt_random_below(evt_random *random, int64_t count) {
    return (int64_t)(((evt_random_next(random) >> 32) * (uint64_t)count) >> 32);
}

#endif
