// The writing end of the FIFO to the agent.
#include "events.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIFO_BYTES = 1024 * 1024 };

int events_descriptor = -1;

bool open_events(const char *path) {
  if (mkfifo(path, 0600) < 0 && errno != EEXIST) return false;
  // Opening only for writing fails while nobody reads; with a reader of our own for a moment it cannot.
  int both = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (both < 0) return false;
  // Room for the events of a stalled agent. Without it (the limit of an unprivileged user) the default has to do.
  (void)fcntl(both, F_SETPIPE_SZ, FIFO_BYTES);
  events_descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  close(both);
  return events_descriptor >= 0;
}

void tell(const char *format, ...) {
  if (events_descriptor < 0) return;
  char line[PIPE_BUF];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(line, sizeof line - 1, format, values);
  va_end(values);
  if (length < 0) return;
  if (length > (int)sizeof line - 2) length = sizeof line - 2;
  line[length++] = '\n';
  // Up to PIPE_BUF bytes are written whole or not at all.
  if (write(events_descriptor, line, (size_t)length) < 0) return;
}
