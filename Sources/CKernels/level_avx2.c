// The loops for one level of CPU. x86-64-v3: Haswell, Zen and later.
#define LANES 8
#define LEVEL serspec_kernels_avx2
#define LEVEL_NAME "avx2"
#include "ckernels.h"
#include <math.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("avx,avx2,fma,bmi,bmi2,f16c"))), apply_to = function)
#include "loops/table.h"
#pragma clang attribute pop
