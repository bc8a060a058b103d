// The loops for one level of CPU. Every x86-64.
#define LANES 4
#define LEVEL serspec_kernels_baseline
#define LEVEL_NAME "baseline"
#include "ckernels.h"
#include <math.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("sse2"))), apply_to = function)
#include "loops/table.h"
#pragma clang attribute pop
