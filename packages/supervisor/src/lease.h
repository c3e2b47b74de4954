// The lease of an exclusive task: until when (boot time) its processes may run. It is kept in the file `lease` of the
// attempt's folder, 8 bytes, little-endian, which the agent overwrites to extend it.
//
// Should this supervisor be stopped, or hang, the kernel kills it when the lease and the task's grace are over, and the
// task's main process with it.
#ifndef HOLDFAST_LEASE_H
#define HOLDFAST_LEASE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct lease {
  // 0: the task is not exclusive, or everything of it has been killed.
  int64_t until_ms;
  // When to call renew_lease.
  int64_t look_at_ms;
  int64_t grace_ms;
  int file;
  timer_t backstop;
};

// Makes the file in the current folder and arms the backstop, so the lease must not be over yet. False with errno set.
bool begin_lease(struct lease *lease, int64_t until_ms, int64_t grace_ms);

// Takes over a later end from the file. False when the lease is over. Looks when half of the rest has passed, so that a
// supervisor which is late for once on a busy machine still finds the extension before the backstop fires.
bool renew_lease(struct lease *lease);

// Everything has been killed, or nothing was started: the backstop is not needed any more. Harmless without a lease.
void end_lease(struct lease *lease);

#endif
