// Which descriptors a process holds.
#ifndef HOLDFAST_DESCRIPTORS_H
#define HOLDFAST_DESCRIPTORS_H

#include <unistd.h>

// Closes all descriptors from `first` on.
static inline void close_descriptors(int first) {
  // Kernels before 5.9 lack close_range.
  if (close_range((unsigned)first, ~0U, 0) == 0) return;
  long limit = sysconf(_SC_OPEN_MAX);
  for (int descriptor = first; descriptor < limit; descriptor++) close(descriptor);
}

#endif
