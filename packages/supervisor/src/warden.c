#include "warden.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tree.h"

enum { SWEEP_INTERVAL_MS = 20 };

static int wait_for(pid_t supervisor) {
  int status = 0;
  while (waitpid(supervisor, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// What a process leaves when it dies comes here one generation after the other.
static void sweep(void) {
  for (;;) {
    kill_children();
    pid_t pid;
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
    }
    if (pid < 0 && errno == ECHILD) return;
    poll(NULL, 0, SWEEP_INTERVAL_MS);
  }
}

bool stand_guard(void (*release)(void)) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  pid_t supervisor = fork();
  if (supervisor <= 0) return supervisor == 0;
  release();
  int status = wait_for(supervisor);
  sweep();
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}
