#ifndef SERSPEC_PROCESSORS_H
#define SERSPEC_PROCESSORS_H

/// Processors that the process may run on: what `taskset` and containers leave of the machine's.
int serspec_processors(void);

#endif
