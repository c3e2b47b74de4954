// Signals of launcher and supervisor. All are blocked always and read from a descriptor, so that a flood of output
// cannot hide them.
#ifndef HOLDFAST_SIGNALS_H
#define HOLDFAST_SIGNALS_H

#include <poll.h>
#include <stdbool.h>

// What has come since it was last set to false.
struct noted_signals {
  bool child_ended;     // SIGCHLD
  bool stop_requested;  // SIGTERM
  bool kill_requested;  // SIGUSR1
};

extern struct noted_signals noted;

// A signalfd. It gives whoever reads it that process's own signals, so forked supervisors use the launcher's.
extern int signals_descriptor;

// Once, at the start; forked supervisors inherit it. SIGPIPE, SIGHUP and SIGINT do nothing: they are blocked, not
// ignored, because the task would inherit that.
bool set_up_signals(void);

// As poll, and notes signals. The first of the descriptors is filled in by this function.
int wait_for_events(struct pollfd *descriptors, nfds_t count, int timeout_ms);

#endif
