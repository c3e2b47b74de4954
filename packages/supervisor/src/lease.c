#include "lease.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "clock.h"

enum {
  LEASE_BYTES = 8,
  // What a supervisor that works needs at most to kill everything after the grace.
  BACKSTOP_AFTER_MS = 500,
  // Closer to its end a lease is looked at once more only, at the end.
  LAST_LOOK_MS = 100,
};

static void arm_backstop(const struct lease *lease, int64_t at_ms) {
  struct itimerspec when = {.it_value = {at_ms / 1000, at_ms % 1000 * 1000000L}};
  timer_settime(lease->backstop, TIMER_ABSTIME, &when, NULL);
}

static bool plan_look(struct lease *lease) {
  int64_t left_ms = lease->until_ms - boot_ms();
  lease->look_at_ms = lease->until_ms - (left_ms > LAST_LOOK_MS ? left_ms / 2 : 0);
  return left_ms > 0;
}

bool begin_lease(struct lease *lease, int64_t until_ms, int64_t grace_ms) {
  *lease = (struct lease){.until_ms = until_ms, .grace_ms = grace_ms, .file = -1};
  lease->file = open("lease", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (lease->file < 0) return false;
  uint8_t bytes[LEASE_BYTES];
  for (int at = 0; at < LEASE_BYTES; at++) bytes[at] = (uint8_t)((uint64_t)until_ms >> 8 * at);
  if (write(lease->file, bytes, LEASE_BYTES) != LEASE_BYTES) return false;
  struct sigevent kill_me = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
  if (timer_create(CLOCK_BOOTTIME, &kill_me, &lease->backstop) < 0) return false;
  arm_backstop(lease, until_ms + grace_ms + BACKSTOP_AFTER_MS);
  plan_look(lease);
  return true;
}

bool renew_lease(struct lease *lease) {
  uint8_t bytes[LEASE_BYTES];
  if (pread(lease->file, bytes, LEASE_BYTES, 0) == LEASE_BYTES) {
    uint64_t until_ms = 0;
    for (int at = LEASE_BYTES; at > 0; at--) until_ms = until_ms << 8 | bytes[at - 1];
    if ((int64_t)until_ms > lease->until_ms) {
      lease->until_ms = (int64_t)until_ms;
      arm_backstop(lease, lease->until_ms + lease->grace_ms + BACKSTOP_AFTER_MS);
    }
  }
  return plan_look(lease);
}

void end_lease(struct lease *lease) {
  if (lease->until_ms) timer_delete(lease->backstop);
  lease->until_ms = lease->look_at_ms = 0;
}
