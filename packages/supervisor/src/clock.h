// Time in milliseconds: unix time for records, boot time (which runs on through suspend) for durations.
#ifndef HOLDFAST_CLOCK_H
#define HOLDFAST_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t read_clock_ms(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline int64_t unix_ms(void) { return read_clock_ms(CLOCK_REALTIME); }
static inline int64_t boot_ms(void) { return read_clock_ms(CLOCK_BOOTTIME); }

#endif
