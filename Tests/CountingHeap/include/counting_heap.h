#ifndef COUNTING_HEAP_H
#define COUNTING_HEAP_H

#include <stddef.h>

/// How often the calling thread has asked the heap for memory so far.
size_t counting_heap_requests(void);

#endif
