// Signal dispositions, and the one place where signals are taken in.
#include "signals.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct noted_signals noted;
int signals_descriptor = -1;

bool set_up_signals(void) {
  struct sigaction plain = {.sa_handler = SIG_DFL};
  for (int number = 1; number <= SIGRTMAX; number++) sigaction(number, &plain, NULL);
  sigset_t read_here, blocked;
  sigemptyset(&read_here);
  sigaddset(&read_here, SIGCHLD);
  sigaddset(&read_here, SIGTERM);
  sigaddset(&read_here, SIGUSR1);
  blocked = read_here;
  sigaddset(&blocked, SIGPIPE);
  sigaddset(&blocked, SIGHUP);
  sigaddset(&blocked, SIGINT);
  sigprocmask(SIG_SETMASK, &blocked, NULL);
  signals_descriptor = signalfd(-1, &read_here, SFD_CLOEXEC);
  return signals_descriptor >= 0;
}

static void take_in_signals(void) {
  struct signalfd_siginfo taken[3];
  ssize_t length = read(signals_descriptor, taken, sizeof taken);
  for (ssize_t at = 0; (at + 1) * (ssize_t)sizeof *taken <= length; at++) {
    if (taken[at].ssi_signo == SIGCHLD) noted.child_ended = true;
    if (taken[at].ssi_signo == SIGTERM) noted.stop_requested = true;
    if (taken[at].ssi_signo == SIGUSR1) noted.kill_requested = true;
  }
}

int wait_for_events(struct pollfd *descriptors, nfds_t count, int timeout_ms) {
  descriptors[0] = (struct pollfd){signals_descriptor, POLLIN, 0};
  int ready = poll(descriptors, count, timeout_ms);
  if (ready > 0 && descriptors[0].revents) take_in_signals();
  return ready;
}
