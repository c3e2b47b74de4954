// stamp FILE [SECONDS]: appends a line with CLOCK_MONOTONIC in nanoseconds to FILE as the first thing it does, then sleeps.
// A shell and `date` would add milliseconds to the moment that is to be known.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **words) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (count < 2) return 2;
  char line[32];
  int length = snprintf(line, sizeof line, "%lld\n", now.tv_sec * 1000000000LL + now.tv_nsec);
  int file = open(words[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0 || write(file, line, length) != length || close(file) < 0) return 1;
  if (count > 2) sleep(atoi(words[2]));
  return 0;
}
