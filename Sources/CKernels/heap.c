#include "heap.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

int heap_set_thresholds(int own_mapping, int kept) {
  return mallopt(M_MMAP_THRESHOLD, own_mapping) == 1 && mallopt(M_TRIM_THRESHOLD, kept) == 1;
}
#else
int heap_set_thresholds(int own_mapping, int kept) {
  (void)own_mapping, (void)kept;
  return 0;
}
#endif
