// evt_product.h: the matrix products of a small network, quicker than a general library's at these sizes.
//
// All matrices are row-major and dense. Up to a few hundred rows and columns nothing needs packing: a product is one
// register-blocked loop over the rows of its right factor, and what happens to a result next happens in the register.
// Beyond, OpenBLAS takes over.
//
// There is one table of loops for each instruction set. All give the same sums up to rounding; the order of a sum
// depends on the table and the sizes alone, never on alignment or on what else is computed.
#ifndef EVT_PRODUCT_H
#define EVT_PRODUCT_H

#include <stdint.h>

#include "evt_trainer.h"

// c(i, j) = sum over k of a[i * row + k * step] * b[k * columns + j], c [rows x columns], b [inner x columns];
// scaled_sum then multiplies c by d [rows x columns], elementwise, and adds its columns up into sums [columns].
typedef struct {
    void (*sum)(const float *a, int64_t row, int64_t step, const float *b, float *c, int64_t rows, int64_t inner,
                int64_t columns);
    void (*scaled_sum)(const float *a, int64_t row, int64_t step, const float *b, float *c, int64_t rows,
                       int64_t inner, int64_t columns, const float *d, float *sums);
} evt_products;

// The table of an instruction set; of EVT_BEST, that of the machine's best. NULL: the machine does not have it.
const evt_products *evt_products_of(evt_instructions set);

// c [rows x columns] = a [rows x inner] b [inner x columns]
void evt_product(const evt_products *table, const float *a, const float *b, float *c, int64_t rows, int64_t inner,
                 int64_t columns);

// c [inner x columns] = transpose of a [rows x inner], times b [rows x columns]
void evt_product_left(const evt_products *table, const float *a, const float *b, float *c, int64_t rows, int64_t inner,
                      int64_t columns);

// c [rows x inner] = a [rows x columns], times the transpose of b [inner x columns]. scratch: [columns x inner].
// With d [rows x inner], not NULL: c is multiplied by d, elementwise, and sums [inner] are then the sums of its columns.
void evt_product_right(const evt_products *table, const float *a, const float *b, float *c, const float *d, float *sums,
                       float *scratch, int64_t rows, int64_t inner, int64_t columns);

// b [columns x rows] = transpose of a [rows x columns]
void evt_transpose(const float *a, float *b, int64_t rows, int64_t columns);

#endif
