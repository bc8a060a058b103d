// The loops for one level of CPU. x86-64-v4: Skylake-X, Zen 4 and later.
#define LANES 16
#define LEVEL serspec_kernels_avx512
#define LEVEL_NAME "avx512"
#include "ckernels.h"
#include <math.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("avx,avx2,fma,bmi,bmi2,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512cd"))), apply_to = function)
#include "loops/table.h"
#pragma clang attribute pop
