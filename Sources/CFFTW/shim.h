#include <fftw3.h>

// An array of unknown size, which Swift does not import.
static inline const char *serspec_fftw_version(void) { return fftwf_version; }
