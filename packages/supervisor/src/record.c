// Writes records. No fsync: they matter to the running kernel only, since after a crash the boot id is another one.
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

static char boot_id[64];

static ssize_t read_small(const char *path, char *text, size_t size) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  ssize_t length = read(descriptor, text, size - 1);
  close(descriptor);
  text[length > 0 ? length : 0] = 0;
  return length;
}

void load_boot_id(void) {
  read_small("/proc/sys/kernel/random/boot_id", boot_id, sizeof boot_id);
  boot_id[strcspn(boot_id, "\n")] = 0;
}

// Field 22 of /proc/PID/stat, in clock ticks since boot; 0 when the process is gone. With the pid it names a process.
static uint64_t start_ticks(pid_t pid) {
  char path[32], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  if (read_small(path, text, sizeof text) <= 0) return 0;
  // Field 2 is the program's name in brackets and may hold anything: count from the last bracket.
  char *at = strrchr(text, ')');
  for (int field = 2; at && field < 22; field++) at = strchr(at + 1, ' ');
  return at ? strtoull(at + 1, NULL, 10) : 0;
}

static bool write_all(int descriptor, const char *data, size_t length) {
  while (length > 0) {
    ssize_t written = write(descriptor, data, length);
    if (written < 0) return false;
    data += written;
    length -= (size_t)written;
  }
  return true;
}

bool write_file(const char *path, const void *data, size_t length, mode_t mode) {
  int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (descriptor < 0) return false;
  bool written = write_all(descriptor, data, length);
  int error = errno;
  close(descriptor);
  errno = error;
  return written;
}

// A line that was cut short is taken back.
static bool append(int record, const char *line, size_t length) {
  off_t before = lseek(record, 0, SEEK_END);
  if (write_all(record, line, length)) return true;
  int error = errno;
  if (ftruncate(record, before) < 0) return false;
  errno = error;
  return false;
}

int create_record(const char *folder, const void *order, size_t length) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/record", folder);
  int record = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
  if (record < 0) return -1;
  struct iovec parts[] = {{(void *)order, length}, {"\n", 1}};
  ssize_t written = writev(record, parts, 2);
  if (written == (ssize_t)length + 1) return record;
  int error = written < 0 ? errno : ENOSPC;
  close(record);
  unlink(path);
  errno = error;
  return -1;
}

bool record_start(int record, pid_t task, int64_t started_at_ms, size_t cgroups_joined) {
  char text[512];
  pid_t self = getpid();
  int length = snprintf(text, sizeof text,
                        "{\"kind\":\"started\",\"supervisorPid\":%d,\"supervisorStartTicks\":%" PRIu64
                        ",\"taskPid\":%d,\"taskStartTicks\":%" PRIu64
                        ",\"bootId\":\"%s\",\"startedAtMs\":%" PRId64 ",\"cgroupsJoined\":%zu}\n",
                        (int)self, start_ticks(self), (int)task, start_ticks(task), boot_id, started_at_ms,
                        cgroups_joined);
  return append(record, text, (size_t)length);
}

// As the inside of a JSON string; control characters become `?`.
static void escape(const char *text, char *escaped, size_t size) {
  size_t at = 0;
  for (; *text && at + 2 < size; text++) {
    if (*text == '"' || *text == '\\') escaped[at++] = '\\';
    escaped[at++] = (unsigned char)*text < ' ' ? '?' : *text;
  }
  escaped[at] = 0;
}

bool record_end(int record, const struct ending *ending) {
  static const char *const causes[] = {"none", "stop", "timeout", "lease"};
  char error[1024], exit_code[16] = "null", text[2048];
  escape(ending->start_error ? ending->start_error : "", error, sizeof error);
  bool ran = !ending->start_error;
  if (ran && WIFEXITED(ending->wait_status)) {
    snprintf(exit_code, sizeof exit_code, "%d", WEXITSTATUS(ending->wait_status));
  }
  int signal = ran && WIFSIGNALED(ending->wait_status) ? WTERMSIG(ending->wait_status) : 0;
  int length = snprintf(text, sizeof text,
                        "{\"kind\":\"ended\",\"exitCode\":%s,\"signal\":%d,\"stopCause\":\"%s\",\"startError\":\"%s\",\"startedAtMs\":%" PRId64
                        ",\"endedAtMs\":%" PRId64 ",\"cpuUserMs\":%" PRId64 ",\"cpuSystemMs\":%" PRId64
                        ",\"maxResidentBytes\":%" PRId64 ",\"outputBytes\":%" PRIu64 ",\"droppedBytes\":%" PRIu64 "}\n",
                        exit_code, signal, causes[ending->stop_cause], error, ending->started_at_ms, unix_ms(),
                        ending->user_us / 1000, ending->system_us / 1000, ending->max_resident_bytes,
                        ending->output_bytes, ending->dropped_bytes);
  return append(record, text, (size_t)length);
}
