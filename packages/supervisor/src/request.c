// Parses start frames. The agent has checked what users sent; the checks here keep a defect from becoming a wrong start.
#include "request.h"

#include <signal.h>
#include <string.h>

void reset_request(struct request *request) {
  // Not the whole structure: its arrays are large, and untouched pages cost no memory.
  request->key = "";
  request->folder = "";
  request->vector[2] = NULL;
  request->argument_count = 0;
  request->environment[0] = NULL;
  request->environment_count = 0;
  request->working_directory = "";
  request->standard_input = request->script = request->order = (struct bytes){NULL, 0};
  request->has_user = false;
  request->uid = request->gid = 0;
  request->group_count = 0;
  request->output_limit_bytes = 16 * 1024 * 1024;
  request->timeout_ms = 0;
  request->stop_signal = SIGTERM;
  request->stop_grace_ms = 10000;
  request->lease_deadline_ms = 0;
  request->cgroup_count = 0;
}

static uint64_t little_endian(const uint8_t *data, size_t length) {
  uint64_t number = 0;
  for (size_t at = length; at > 0; at--) number = number << 8 | data[at - 1];
  return number;
}

// Strings carry their final NUL, so that they need no copy.
static bool is_string(struct bytes value) {
  return value.length > 0 && memchr(value.data, 0, value.length) == value.data + value.length - 1;
}

static const char *set_string(struct request *request, enum field field, struct bytes value) {
  if (!is_string(value)) return "a text field does not end with its only NUL byte";
  char *text = (char *)value.data;
  switch (field) {
    case FIELD_KEY:
      if (value.length > MAX_KEY_BYTES) return "the key is too long";
      request->key = text;
      return NULL;
    case FIELD_FOLDER:
      if (text[0] != '/') return "the folder is not an absolute path";
      request->folder = text;
      return NULL;
    case FIELD_WORKING_DIRECTORY:
      request->working_directory = text;
      return NULL;
    case FIELD_ARGUMENT:
      if (request->argument_count == MAX_ARGUMENTS) return "too many arguments";
      request->vector[2 + request->argument_count++] = text;
      return NULL;
    case FIELD_ENVIRONMENT:
      if (request->environment_count == MAX_ENVIRONMENT) return "too many environment variables";
      request->environment[request->environment_count++] = text;
      return NULL;
    default:
      if (request->cgroup_count == MAX_CGROUPS) return "too many cgroups";
      request->cgroup_procs[request->cgroup_count++] = text;
      return NULL;
  }
}

static const char *set_number(struct request *request, enum field field, struct bytes value) {
  if (value.length != 8) return "a number field is not 8 bytes long";
  uint64_t number = little_endian(value.data, 8);
  switch (field) {
    case FIELD_UID:
      request->uid = (uid_t)number;
      request->has_user = true;
      return NULL;
    case FIELD_GID:
      request->gid = (gid_t)number;
      return NULL;
    case FIELD_GROUP:
      if (request->group_count == MAX_GROUPS) return "too many groups";
      request->groups[request->group_count++] = (gid_t)number;
      return NULL;
    case FIELD_OUTPUT_LIMIT_BYTES:
      request->output_limit_bytes = number;
      return NULL;
    case FIELD_TIMEOUT_MS:
      request->timeout_ms = number;
      return NULL;
    case FIELD_STOP_SIGNAL:
      if (number < 1 || number > (uint64_t)SIGRTMAX) return "the stop signal is not a signal's number";
      request->stop_signal = (int)number;
      return NULL;
    case FIELD_LEASE_DEADLINE_MS:
      if (number < 1 || number > INT64_MAX / 2) return "the lease deadline is not a time";
      request->lease_deadline_ms = number;
      return NULL;
    default:
      request->stop_grace_ms = number;
      return NULL;
  }
}

static const char *set_field(struct request *request, enum field field, struct bytes value) {
  switch (field) {
    case FIELD_KEY:
    case FIELD_FOLDER:
    case FIELD_ARGUMENT:
    case FIELD_ENVIRONMENT:
    case FIELD_WORKING_DIRECTORY:
    case FIELD_CGROUP_PROCS:
      return set_string(request, field, value);
    case FIELD_UID:
    case FIELD_GID:
    case FIELD_GROUP:
    case FIELD_OUTPUT_LIMIT_BYTES:
    case FIELD_TIMEOUT_MS:
    case FIELD_STOP_SIGNAL:
    case FIELD_STOP_GRACE_MS:
    case FIELD_LEASE_DEADLINE_MS:
      return set_number(request, field, value);
    case FIELD_STANDARD_INPUT:
      request->standard_input = value;
      return NULL;
    case FIELD_SCRIPT:
      request->script = value;
      return NULL;
    case FIELD_ORDER:
      request->order = value;
      return NULL;
  }
  return "unknown field";
}

const char *parse_request(uint8_t *frame, size_t length, struct request *request) {
  reset_request(request);
  for (size_t at = 0; at < length;) {
    if (length - at < 5) return "the frame ends inside a field";
    size_t value_length = (size_t)little_endian(frame + at + 1, 4);
    if (value_length > length - at - 5) return "a field is longer than its frame";
    const char *error = set_field(request, frame[at], (struct bytes){frame + at + 5, value_length});
    if (error) return error;
    at += 5 + value_length;
  }
  request->vector[2 + request->argument_count] = NULL;
  request->environment[request->environment_count] = NULL;
  if (!*request->key) return "the key is missing";
  if (!*request->folder) return "the folder is missing";
  if (!request->order.length || memchr(request->order.data, '\n', request->order.length)) return "the order is not one line";
  if (!request->argument_count && !request->script.length) return "there is neither an argument nor a script";
  return NULL;
}
