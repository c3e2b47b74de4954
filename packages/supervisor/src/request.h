// What to start: one frame from the agent, parsed in place. All strings point into the frame.
#ifndef HOLDFAST_REQUEST_H
#define HOLDFAST_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
  MAX_FRAME_BYTES = 4 * 1024 * 1024,
  MAX_ARGUMENTS = 1025,
  MAX_ENVIRONMENT = 4096,
  MAX_GROUPS = 1024,
  MAX_CGROUPS = 8,
  MAX_KEY_BYTES = 200,
};

// Tags of a frame's fields; the README lists what each holds.
enum field {
  FIELD_KEY = 1,
  FIELD_FOLDER = 2,
  FIELD_ARGUMENT = 3,
  FIELD_ENVIRONMENT = 4,
  FIELD_WORKING_DIRECTORY = 5,
  FIELD_STANDARD_INPUT = 6,
  FIELD_SCRIPT = 7,
  FIELD_UID = 8,
  FIELD_GID = 9,
  FIELD_GROUP = 10,
  FIELD_OUTPUT_LIMIT_BYTES = 11,
  FIELD_TIMEOUT_MS = 12,
  FIELD_STOP_SIGNAL = 13,
  FIELD_STOP_GRACE_MS = 14,
  FIELD_CGROUP_PROCS = 15,
  FIELD_ORDER = 16,
  FIELD_LEASE_DEADLINE_MS = 17,
};

struct bytes {
  const uint8_t *data;
  size_t length;
};

struct request {
  const char *key;
  // Absolute.
  const char *folder;
  // The arguments begin at vector[2]. The two places before them are for a script's path and its interpreter.
  char *vector[MAX_ARGUMENTS + 3];
  size_t argument_count;
  char *environment[MAX_ENVIRONMENT + 1];
  size_t environment_count;
  // Empty: a new folder `work`.
  const char *working_directory;
  struct bytes standard_input;
  struct bytes script;
  bool has_user;
  uid_t uid;
  gid_t gid;
  gid_t groups[MAX_GROUPS];
  size_t group_count;
  uint64_t output_limit_bytes;
  // 0: none.
  uint64_t timeout_ms;
  int stop_signal;
  uint64_t stop_grace_ms;
  // Boot time; 0: the task is not exclusive.
  uint64_t lease_deadline_ms;
  const char *cgroup_procs[MAX_CGROUPS];
  size_t cgroup_count;
  // One line of JSON.
  struct bytes order;
};

void reset_request(struct request *request);

// NULL when the frame is well formed, else what is wrong with it. `request->key` is set as soon as it is known.
const char *parse_request(uint8_t *frame, size_t length, struct request *request);

#endif
