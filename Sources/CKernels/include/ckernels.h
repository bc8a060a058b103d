// C inner loops of serspec. Each is pure computation over caller-owned memory: no policy, no allocation, no threads.
#ifndef SERSPEC_CKERNELS_H
#define SERSPEC_CKERNELS_H
#include <stddef.h>
#include <stdint.h>

#endif
