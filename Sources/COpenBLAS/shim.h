// Types of the OpenBLAS entry points that TensorRuntime looks up with dlsym: the library reads
// OPENBLAS_CORETYPE when it is loaded, so it must not be linked.
#ifndef SERSPEC_OPENBLAS_SHIM_H
#define SERSPEC_OPENBLAS_SHIM_H
#include <stdint.h>

enum { SERSPEC_ROW_MAJOR = 101, SERSPEC_NO_TRANSPOSE = 111, SERSPEC_TRANSPOSE = 112 };

typedef void (*serspec_sgemm)(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
                              const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);
typedef void (*serspec_set_threads)(int threads);
typedef char *(*serspec_text)(void);

#endif
