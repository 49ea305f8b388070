#include "evt_product.h"

#include <cblas.h>

// Keeps a value in a vector register at this point.
#define HOLD(value) __asm__("" : "+v"(value))

// Fewer columns than the narrowest vector.
static void evt_scalar_scaled_sum(const float *a, int64_t row, int64_t step, const float *b, float *c, int64_t rows,
                                  int64_t inner, int64_t columns, const float *d, float *sums) {
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++) {
            float sum = 0;
            for (int64_t k = 0; k < inner; k++) sum += a[i * row + k * step] * b[k * columns + j];
            if (d) sums[j] += sum *= d[i * columns + j];
            c[i * columns + j] = sum;
        }
}

static void evt_scalar_sum(const float *a, int64_t row, int64_t step, const float *b, float *c, int64_t rows,
                           int64_t inner, int64_t columns) {
    evt_scalar_scaled_sum(a, row, step, b, c, rows, inner, columns, NULL, NULL);
}

#define LANES 4
#define NAMED(name) evt_plain_##name
#define NARROWER(name) evt_scalar_##name
#include "evt_product_template.h"
#undef LANES
#undef NAMED
#undef NARROWER

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define LANES 8
#define NAMED(name) evt_avx2_##name
#define NARROWER(name) evt_plain_##name
#include "evt_product_template.h"
#undef LANES
#undef NAMED
#undef NARROWER
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define LANES 16
#define NAMED(name) evt_avx512_##name
#define NARROWER(name) evt_avx2_##name
#include "evt_product_template.h"
#undef LANES
#undef NAMED
#undef NARROWER
#pragma clang attribute pop

static const evt_products avx512 = {evt_avx512_sum, evt_avx512_scaled_sum};
static const evt_products avx2 = {evt_avx2_sum, evt_avx2_scaled_sum};
static const evt_products plain = {evt_plain_sum, evt_plain_scaled_sum};

const evt_products *evt_products_of(evt_instructions set) {
    const int has_avx512 = __builtin_cpu_supports("x86-64-v4"), has_avx2 = __builtin_cpu_supports("x86-64-v3");
    switch (set) {
        case EVT_BEST: return has_avx512 ? &avx512 : has_avx2 ? &avx2 : &plain;
        case EVT_AVX512: return has_avx512 ? &avx512 : NULL;
        case EVT_AVX2: return has_avx2 ? &avx2 : NULL;
        case EVT_PLAIN: return &plain;
    }
    return NULL;
}

// A right factor beyond half of the second-level cache of today's machines: a library that packs it is quicker.
static int is_large(int64_t inner, int64_t columns) { return inner * columns > 512 * 512; }

void evt_product(const evt_products *table, const float *a, const float *b, float *c, int64_t rows, int64_t inner,
                 int64_t columns) {
    if (columns == 1)
        cblas_sgemv(CblasRowMajor, CblasNoTrans, (blasint)rows, (blasint)inner, 1, a, (blasint)inner, b, 1, 0, c, 1);
    else if (is_large(inner, columns))
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)rows, (blasint)columns, (blasint)inner, 1, a,
                    (blasint)inner, b, (blasint)columns, 0, c, (blasint)columns);
    else
        table->sum(a, inner, 1, b, c, rows, inner, columns);
}

void evt_product_left(const evt_products *table, const float *a, const float *b, float *c, int64_t rows, int64_t inner,
                      int64_t columns) {
    if (columns == 1)
        table->sum(b, 0, 1, a, c, 1, rows, inner);  // c is one row: that of b's products with the rows of a
    else if (is_large(rows, columns))
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (blasint)inner, (blasint)columns, (blasint)rows, 1, a,
                    (blasint)inner, b, (blasint)columns, 0, c, (blasint)columns);
    else
        table->sum(a, 1, inner, b, c, inner, rows, columns);
}

// evt_product_right beyond the sizes of the tables.
static void large_product_right(const float *a, const float *b, float *c, const float *d, float *sums, int64_t rows,
                                int64_t inner, int64_t columns) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)rows, (blasint)inner, (blasint)columns, 1, a,
                (blasint)columns, b, (blasint)columns, 0, c, (blasint)inner);
    for (int64_t r = 0; d && r < rows; r++)
        for (int64_t i = 0; i < inner; i++) sums[i] += c[r * inner + i] *= d[r * inner + i];
}

void evt_product_right(const evt_products *table, const float *a, const float *b, float *c, const float *d, float *sums,
                       float *scratch, int64_t rows, int64_t inner, int64_t columns) {
    for (int64_t i = 0; d && i < inner; i++) sums[i] = 0;
    if (is_large(inner, columns)) {
        large_product_right(a, b, c, d, sums, rows, inner, columns);
        return;
    }
    const float *transposed = b;
    if (columns > 1) {
        evt_transpose(b, scratch, inner, columns);
        transposed = scratch;
    }
    if (d)
        table->scaled_sum(a, columns, 1, transposed, c, rows, columns, inner, d, sums);
    else
        table->sum(a, columns, 1, transposed, c, rows, columns, inner);
}

// Four by four, which the compiler turns into shuffles of whole vectors.
void evt_transpose(const float *restrict a, float *restrict b, int64_t rows, int64_t columns) {
    typedef float four __attribute__((vector_size(16), aligned(4)));
    int64_t i = 0;
    for (; i + 4 <= rows; i += 4) {
        int64_t j = 0;
        for (; j + 4 <= columns; j += 4) {
            const float *from = a + i * columns + j;
            float *to = b + j * rows + i;
            four r0 = *(const four *)from, r1 = *(const four *)(from + columns);
            four r2 = *(const four *)(from + 2 * columns), r3 = *(const four *)(from + 3 * columns);
            four s0 = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), s1 = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
            four s2 = __builtin_shufflevector(r0, r1, 2, 6, 3, 7), s3 = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
            *(four *)to = __builtin_shufflevector(s0, s1, 0, 1, 4, 5);
            *(four *)(to + rows) = __builtin_shufflevector(s0, s1, 2, 3, 6, 7);
            *(four *)(to + 2 * rows) = __builtin_shufflevector(s2, s3, 0, 1, 4, 5);
            *(four *)(to + 3 * rows) = __builtin_shufflevector(s2, s3, 2, 3, 6, 7);
        }
        for (; j < columns; j++)
            for (int64_t l = i; l < i + 4; l++) b[j * rows + l] = a[l * columns + j];
    }
    for (; i < rows; i++)
        for (int64_t j = 0; j < columns; j++) b[j * rows + i] = a[i * columns + j];
}
