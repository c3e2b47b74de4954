// The launcher. It lives as long as the agent that started it; its supervisors outlive both.
//
// Descriptors 0, 1 and 2 are /dev/null, then come signals and events, which supervisors share. What is the launcher's
// own stands at FIRST_OWN_DESCRIPTOR and above, and is closed in supervisors.
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "descriptors.h"
#include "events.h"
#include "record.h"
#include "request.h"
#include "signals.h"
#include "supervisor.h"
#include "warden.h"

enum {
  PROTOCOL_ERROR_EXIT = 3,
  FRAME_HEADER_BYTES = 4,
  BUFFER_BYTES = 64 * 1024,
  LOCK_WAIT_MS = 2000,
  LOCK_RETRY_MS = 10,
  FIRST_OWN_DESCRIPTOR = 64,
  KEY_SLOTS = 1024,
};

// What the supervisors are for, by pid, to tell which attempt is gone when one dies.
struct running {
  struct running *next;
  pid_t pid;
  char key[];
};

static struct running *running[KEY_SLOTS];
static struct title_space title;
static struct request request;
static int frames = -1, answers = -1, complaints = -1;

// A frame that does not fit into the buffer gets a mapping of its own, so that the memory goes back afterwards; a
// supervisor would carry it along otherwise.
static uint8_t buffer[BUFFER_BYTES];
static uint8_t *large_frame;
static size_t large_frame_bytes;

static void release_large_frame(void) {
  if (large_frame) munmap(large_frame, large_frame_bytes);
  large_frame = NULL;
}

// --- supervisors -----------------------------------------------------------------------------------------------------

static void remember(pid_t pid, const char *key) {
  size_t length = strlen(key) + 1;
  struct running *entry = malloc(sizeof *entry + length);
  if (!entry) return;
  entry->pid = pid;
  memcpy(entry->key, key, length);
  entry->next = running[(unsigned)pid % KEY_SLOTS];
  running[(unsigned)pid % KEY_SLOTS] = entry;
}

static void forget(pid_t pid, bool end_recorded) {
  for (struct running **place = &running[(unsigned)pid % KEY_SLOTS]; *place; place = &(*place)->next) {
    struct running *entry = *place;
    if (entry->pid != pid) continue;
    if (!end_recorded) tell("gone %s", entry->key);
    *place = entry->next;
    free(entry);
    return;
  }
}

static void reap_supervisors(void) {
  noted.child_ended = false;
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    forget(pid, WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
}

// What `ps` shows: the attempt's key, by which a supervisor is also found before it has recorded its start.
static void set_title(const char *key) {
  size_t space = (size_t)(title.end - title.begin);
  if (space < 2) return;
  memset(title.begin, 0, space);
  snprintf(title.begin, space, "holdfast-supervisor %s", key);
}

static void record_failed_fork(int record, int error) {
  char text[128];
  snprintf(text, sizeof text, "cannot make a supervisor: %s", strerror(error));
  tell(record_end(record, &(struct ending){.start_error = text}) ? "ended %s" : "gone %s", request.key);
}

static _Noreturn void become_supervisor(int record) {
  close_descriptors(FIRST_OWN_DESCRIPTOR);
  // Out of reach of signals to the launcher's group. Not a session of its own: that costs a scheduler group each.
  setpgid(0, 0);
  set_title(request.key);
  noted = (struct noted_signals){0};
  if (request.lease_deadline_ms && !stand_guard(release_large_frame)) {
    record_failed_fork(record, errno);
    _exit(0);
  }
  _exit(supervise(&request, record, release_large_frame) < 0 ? 1 : 0);
}

// --- orders ----------------------------------------------------------------------------------------------------------

static void refuse(const char *what, int error) {
  tell("refused %s cannot %s: %s", request.key, what, strerror(error));
}

// The attempt's folder, made by nobody else, and its record; -1 when nothing is to be started.
static int make_folder(void) {
  // Others may pass through but not read: a task that runs as another user reaches its own files in it.
  if (mkdir(request.folder, 0711) < 0) {
    if (errno == EEXIST) tell("exists %s", request.key);
    else refuse("make the attempt's folder", errno);
    return -1;
  }
  int record = create_record(request.folder, request.order.data, request.order.length);
  if (record >= 0) return record;
  int error = errno;
  rmdir(request.folder);
  refuse("write the attempt's record", error);
  return -1;
}

static void start_attempt(uint8_t *frame, size_t length) {
  const char *error = parse_request(frame, length, &request);
  if (error) {
    tell("refused %s malformed start frame: %s", *request.key ? request.key : "?", error);
    return;
  }
  int record = make_folder();
  if (record < 0) return;
  pid_t pid = fork();
  if (pid == 0) become_supervisor(record);
  if (pid > 0) remember(pid, request.key);
  else record_failed_fork(record, errno);
  close(record);
}

// --- frames ----------------------------------------------------------------------------------------------------------

static size_t frame_length(const uint8_t *header) {
  return header[0] | (size_t)header[1] << 8 | (size_t)header[2] << 16 | (size_t)header[3] << 24;
}

static bool read_exactly(uint8_t *place, size_t length) {
  while (length > 0) {
    ssize_t count = read(frames, place, length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    place += count;
    length -= (size_t)count;
  }
  return true;
}

static bool start_from_large_frame(const uint8_t *begun, size_t begun_bytes, size_t length) {
  large_frame_bytes = length;
  large_frame = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (large_frame == MAP_FAILED) return false;
  memcpy(large_frame, begun, begun_bytes);
  bool whole = read_exactly(large_frame + begun_bytes, length - begun_bytes);
  if (whole) start_attempt(large_frame, length);
  release_large_frame();
  return whole;
}

// Handles the whole frames in the buffer and moves the rest to its beginning. Negative when the input cannot go on.
static ssize_t handle_frames(size_t filled) {
  size_t at = 0;
  while (filled - at >= FRAME_HEADER_BYTES) {
    size_t length = frame_length(buffer + at);
    if (length > MAX_FRAME_BYTES) {
      dprintf(complaints, "holdfast-supervisor: a frame of %zu bytes is above the limit of %d\n", length, MAX_FRAME_BYTES);
      return -1;
    }
    size_t present = filled - at - FRAME_HEADER_BYTES;
    uint8_t *frame = buffer + at + FRAME_HEADER_BYTES;
    if (length > BUFFER_BYTES - FRAME_HEADER_BYTES) {
      return start_from_large_frame(frame, present, length) ? 0 : -1;
    }
    if (present < length) break;
    start_attempt(frame, length);
    at += FRAME_HEADER_BYTES + length;
  }
  memmove(buffer, buffer + at, filled - at);
  return (ssize_t)(filled - at);
}

static int serve(void) {
  size_t filled = 0;
  for (;;) {
    struct pollfd ready[2] = {{0}, {frames, POLLIN, 0}};
    wait_for_events(ready, 2, -1);
    if (noted.child_ended) reap_supervisors();
    if (noted.stop_requested) return 0;
    if (!ready[1].revents) continue;
    ssize_t count = read(frames, buffer + filled, sizeof buffer - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return 0;
    ssize_t rest = handle_frames(filled + (size_t)count);
    if (rest < 0) return PROTOCOL_ERROR_EXIT;
    filled = (size_t)rest;
  }
}

// --- the beginning ---------------------------------------------------------------------------------------------------

// Moves a descriptor to those that are closed in supervisors; -1 with errno set when there is no more room.
static int make_own(int descriptor) {
  int own = fcntl(descriptor, F_DUPFD_CLOEXEC, FIRST_OWN_DESCRIPTOR);
  close(descriptor);
  return own;
}

static bool arrange_descriptors(void) {
  // What the agent's own parent has left open is no concern of tasks.
  close_descriptors(3);
  frames = make_own(STDIN_FILENO);
  answers = make_own(STDOUT_FILENO);
  complaints = make_own(STDERR_FILENO);
  for (int standard = 0; standard < 3; standard++) {
    if (open("/dev/null", O_RDWR) != standard) return false;
  }
  return frames >= 0 && answers >= 0 && complaints >= 0;
}

// One launcher at a time: when this returns true, none of an earlier agent will start anything any more.
static bool take_lock(const char *state) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/launcher.lock", state);
  int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0 || (lock = make_own(lock)) < 0) return false;
  for (int waited_ms = 0; flock(lock, LOCK_EX | LOCK_NB) < 0; waited_ms += LOCK_RETRY_MS) {
    if (errno != EWOULDBLOCK || waited_ms >= LOCK_WAIT_MS) return false;
    poll(NULL, 0, LOCK_RETRY_MS);
  }
  return true;
}

static int complain(const char *what, const char *state) {
  dprintf(complaints, "holdfast-supervisor: cannot %s in \"%s\": %s\n", what, state, strerror(errno));
  return 1;
}

int launch(const char *state, struct title_space space) {
  char path[PATH_MAX];
  title = space;
  snprintf(path, sizeof path, "%s/events", state);
  if (!arrange_descriptors()) return complain("arrange descriptors", state);
  if (!set_up_signals()) return complain("set up signals", state);
  if (!take_lock(state)) return complain("take launcher.lock (does another agent use this folder?)", state);
  if (!open_events(path)) return complain("open the FIFO \"events\"", state);
  load_boot_id();
  // The FIFO is there now for the agent to open; what is told before it does would be lost.
  dprintf(answers, "ready %" PRId64 "\n", boot_ms());
  return serve();
}
