// Finds children through /proc: the kernel's own list, or (where it is not configured) all processes' parents.
#include "tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static void kill_process(long pid) {
  if (pid > 1) kill((pid_t)pid, SIGKILL);
}

// The list is "PID PID PID ", in one read or, when it is long, cut anywhere.
static bool kill_listed_children(void) {
  char path[48], text[4096];
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  long pid = 0;
  for (ssize_t length; (length = read(descriptor, text, sizeof text)) > 0;) {
    for (ssize_t at = 0; at < length; at++) {
      if (text[at] >= '0' && text[at] <= '9') {
        pid = pid * 10 + (text[at] - '0');
      } else {
        kill_process(pid);
        pid = 0;
      }
    }
  }
  close(descriptor);
  return true;
}

static long parent_of(const char *pid) {
  char path[300], text[512];
  snprintf(path, sizeof path, "/proc/%s/stat", pid);
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return 0;
  ssize_t length = read(descriptor, text, sizeof text - 1);
  close(descriptor);
  if (length <= 0) return 0;
  text[length] = 0;
  char *name_end = strrchr(text, ')');
  return name_end && strlen(name_end) > 4 ? strtol(name_end + 4, NULL, 10) : 0;
}

static void kill_children_by_parent(void) {
  DIR *processes = opendir("/proc");
  if (!processes) return;
  for (struct dirent *entry; (entry = readdir(processes));) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    if (parent_of(entry->d_name) == getpid()) kill_process(strtol(entry->d_name, NULL, 10));
  }
  closedir(processes);
}

void kill_children(void) {
  if (!kill_listed_children()) kill_children_by_parent();
}
