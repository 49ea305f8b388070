// evt_product_template.h: sums of products for one vector width. Included by evt_product.c once for each instruction set,
// which defines LANES (floats in a vector) and NAMED(name). Internal.
//
// Everything is c(i, j) = sum over k of a(i, k) b(k, j), with c and b in rows of `columns` and a(i, k) = a[i * row + k * step]:
// the strides decide whether a or its transpose is meant.

typedef float NAMED(vector) __attribute__((vector_size(4 * LANES), aligned(4)));

// Rows of c that one tile of so many vectors a row keeps in registers. Few enough accumulators for the register file,
// and enough independent ones to hide the latency of a multiply-add.
#define TALL(vectors) ((vectors) == 4 ? 4 : (vectors) == 2 ? (LANES == 16 ? 8 : 4) : 8)

// Fewer columns are left to narrower vectors: a row of one wide vector loads as often as it multiplies.
#define FEWEST (LANES == 16 ? 32 : LANES)

// One tile: rows x (vectors * LANES) of c. `rows` and `vectors` are constants where this is inlined, so that the sums stay
// in registers. With d (in rows of `columns`) c is multiplied by d, and what that gives is added up by column into sums.
static inline __attribute__((always_inline)) void NAMED(tile)(
    const float *a, int64_t row, int64_t step, const float *b, float *c, int64_t inner, int64_t columns,
    const int rows, const int vectors, const float *d, float *sums) {
    NAMED(vector) sum[8][4];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
        for (int j = 0; j < vectors; j++) sum[i][j] = (NAMED(vector)){0};
    for (int64_t k = 0; k < inner; k++) {
        NAMED(vector) right[4];
#pragma clang loop unroll(full)
        for (int j = 0; j < vectors; j++) right[j] = *(const NAMED(vector) *)(b + k * columns + j * LANES);
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            NAMED(vector) left = a[i * row + k * step] - (NAMED(vector)){0};
            // Held in a register: as an operand in memory of every multiply-add it would be loaded `vectors` times, and
            // the load ports, not the multipliers, would set the pace.
            HOLD(left);
#pragma clang loop unroll(full)
            for (int j = 0; j < vectors; j++) sum[i][j] += left * right[j];
        }
    }
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) {
        NAMED(vector) total = {0};
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            if (d) {
                sum[i][j] *= *(const NAMED(vector) *)(d + i * columns + j * LANES);
                total += sum[i][j];
            }
            *(NAMED(vector) *)(c + i * columns + j * LANES) = sum[i][j];
        }
        if (d) *(NAMED(vector) *)(sums + j * LANES) += total;
    }
}

// All rows of c, `vectors` vectors wide.
static inline __attribute__((always_inline)) void NAMED(strip)(
    const float *a, int64_t row, int64_t step, const float *b, float *c, int64_t rows, int64_t inner, int64_t columns,
    const int vectors, const float *d, float *sums) {
    int64_t i = 0;
    for (; i + TALL(vectors) <= rows; i += TALL(vectors))
        NAMED(tile)(a + i * row, row, step, b, c + i * columns, inner, columns, TALL(vectors), vectors,
                    d ? d + i * columns : NULL, sums);
    for (; i + 2 <= rows; i += 2)
        NAMED(tile)(a + i * row, row, step, b, c + i * columns, inner, columns, 2, vectors,
                    d ? d + i * columns : NULL, sums);
    for (; i < rows; i++)
        NAMED(tile)(a + i * row, row, step, b, c + i * columns, inner, columns, 1, vectors,
                    d ? d + i * columns : NULL, sums);
}

// At least LANES columns. A rest of the columns is covered by a last vector that overlaps the one before: what both hold
// is computed twice, with the same result.
static inline __attribute__((always_inline)) void NAMED(columns)(
    const float *a, int64_t row, int64_t step, const float *b, float *c, int64_t rows, int64_t inner, int64_t columns,
    const float *d, float *sums) {
    int64_t j = 0;
    if (LANES == 16)
        for (; j + 4 * LANES <= columns; j += 4 * LANES)
            NAMED(strip)(a, row, step, b + j, c + j, rows, inner, columns, 4, d ? d + j : NULL, sums + j);
    for (; j + 2 * LANES <= columns; j += 2 * LANES)
        NAMED(strip)(a, row, step, b + j, c + j, rows, inner, columns, 2, d ? d + j : NULL, sums + j);
    for (; j + LANES <= columns; j += LANES)
        NAMED(strip)(a, row, step, b + j, c + j, rows, inner, columns, 1, d ? d + j : NULL, sums + j);
    if (j == columns) return;
    const int64_t last = columns - LANES;
    float beside[LANES] = {0};
    NAMED(strip)(a, row, step, b + last, c + last, rows, inner, columns, 1, d ? d + last : NULL, beside);
    if (d)
        for (int64_t l = j; l < columns; l++) sums[l] += beside[l - last];
}

static void NAMED(sum)(const float *a, int64_t row, int64_t step, const float *b, float *c, int64_t rows, int64_t inner,
                       int64_t columns) {
    if (columns >= FEWEST) NAMED(columns)(a, row, step, b, c, rows, inner, columns, NULL, NULL);
    else NARROWER(sum)(a, row, step, b, c, rows, inner, columns);
}

static void NAMED(scaled_sum)(const float *a, int64_t row, int64_t step, const float *b, float *c, int64_t rows,
                              int64_t inner, int64_t columns, const float *d, float *sums) {
    if (columns >= FEWEST) NAMED(columns)(a, row, step, b, c, rows, inner, columns, d, sums);
    else NARROWER(scaled_sum)(a, row, step, b, c, rows, inner, columns, d, sums);
}

#undef TALL
#undef FEWEST
