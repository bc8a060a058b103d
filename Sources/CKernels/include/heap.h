// The one C library call that Swift's Glibc module leaves out.
#ifndef SERSPEC_HEAP_H
#define SERSPEC_HEAP_H

/// Sets from which size blocks are mapped singly, and how much freed memory the heap keeps, both in bytes. Returns whether the
/// C library took both; 0 where it has no such settings.
int heap_set_thresholds(int own_mapping, int kept);

#endif
