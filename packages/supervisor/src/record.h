// What stays on disk about an attempt: the file `record` in its folder, with up to three lines of JSON, each written when
// it became true: the agent's order, the start, the end. A line counts only with its line end.
//
// One file that is appended to, because new files are most of what an attempt costs: about 70 us each on ext4.
#ifndef HOLDFAST_RECORD_H
#define HOLDFAST_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum stop_cause { STOP_NONE, STOP_ORDERED, STOP_TIMEOUT, STOP_LEASE };

struct ending {
  // Set when no process was started: why.
  const char *start_error;
  // As waitpid gives it; meaningful without start_error.
  int wait_status;
  enum stop_cause stop_cause;
  int64_t started_at_ms;
  int64_t user_us;
  int64_t system_us;
  int64_t max_resident_bytes;
  uint64_t output_bytes;
  uint64_t dropped_bytes;
};

// Reads the kernel's boot id once, before any record is written.
void load_boot_id(void);

// Creates the record of a folder, with the order as its first line. The descriptor, or -1 with errno set.
int create_record(const char *folder, const void *order, size_t length);

// Append a line; false with errno set when they cannot.
bool record_start(int record, pid_t task, int64_t started_at_ms, size_t cgroups_joined);
bool record_end(int record, const struct ending *ending);

// Creates a file with these bytes. False with errno set.
bool write_file(const char *path, const void *data, size_t length, mode_t mode);

#endif
