// Which level of loops runs: the best that the CPU and the operating system support, or a lower one on demand.
#include "ckernels.h"
#include <cpuid.h>
#include <string.h>

extern const struct serspec_kernels serspec_kernels_baseline, serspec_kernels_avx2, serspec_kernels_avx512;

static int has_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
}

static int has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd");
}

const struct serspec_kernels *serspec_kernels_for(const char *wanted) {
  __builtin_cpu_init();
  int most = 2;
  if (wanted && strcmp(wanted, "baseline") == 0) most = 0;
  if (wanted && strcmp(wanted, "avx2") == 0) most = 1;
  if (most >= 2 && has_avx512()) return &serspec_kernels_avx512;
  if (most >= 1 && has_avx2()) return &serspec_kernels_avx2;
  return &serspec_kernels_baseline;
}

// OpenBLAS finds unknown Intel CPUs by their features, but releases before 0.3.22 take unknown AMD ones for Zen 1.
int serspec_prefers_skylakex(void) {
  __builtin_cpu_init();
  return has_avx512() && !__builtin_cpu_is("intel");
}
