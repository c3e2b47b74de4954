// The supervisor's life:
//   start → run (pump output, watch the clock, obey signals) → sweep (the main process has ended: kill what is left)
//   → drain (no process is left: read the pipes empty) → record the end.
// SIGTERM: the stop signal to the task's group, after the grace SIGKILL. SIGUSR1: SIGKILL at once. The end of a timeout or
// of a lease is a SIGTERM with another cause.
#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "events.h"
#include "lease.h"
#include "output.h"
#include "record.h"
#include "signals.h"
#include "task.h"
#include "tree.h"

enum { SWEEP_INTERVAL_MS = 20, RECORD_RETRY_MS = 500, MAX_DURATION_MS = 2147483647 };

struct supervision {
  char key[MAX_KEY_BYTES];
  int record;
  pid_t task;
  int stop_signal;
  int64_t stop_grace_ms;
  bool stopping;
  // Boot time; 0: none.
  int64_t timeout_at_ms;
  int64_t kill_at_ms;
  struct lease lease;
  int timer;
  // Read ends of the task's stdout and stderr; -1 once all writers have closed.
  int pipes[2];
  struct output output;
  bool task_ended;
  bool nothing_left;
  struct ending ending;
};

static uint8_t piece[OUTPUT_PIECE_BYTES];

// --- the clock -------------------------------------------------------------------------------------------------------

static int64_t deadline_after(uint64_t duration_ms) {
  return boot_ms() + (int64_t)(duration_ms < MAX_DURATION_MS ? duration_ms : MAX_DURATION_MS);
}

static int64_t earlier(int64_t one_ms, int64_t other_ms) {
  if (!one_ms || !other_ms) return one_ms ? one_ms : other_ms;
  return one_ms < other_ms ? one_ms : other_ms;
}

// A timer of the boot clock, because poll's own timeout stands still during suspend.
static void arm_timer(struct supervision *s) {
  int64_t at_ms = s->stopping ? s->kill_at_ms : earlier(s->timeout_at_ms, s->lease.look_at_ms);
  if (!at_ms) return;
  if (s->timer < 0) s->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC);
  struct itimerspec when = {.it_value = {at_ms / 1000, at_ms % 1000 * 1000000L}};
  timerfd_settime(s->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

// --- stopping --------------------------------------------------------------------------------------------------------

static void kill_everything(struct supervision *s) {
  // The group's number is the task's pid, which cannot be given anew while the task is not reaped or its group lives.
  if (!s->task_ended) kill(-s->task, SIGKILL);
  kill_children();
}

static void begin_stop(struct supervision *s, enum stop_cause cause) {
  if (s->stopping || s->task_ended) return;
  s->stopping = true;
  s->ending.stop_cause = cause;
  kill(-s->task, s->stop_signal);
  // A stopped process would not see the signal.
  kill(-s->task, SIGCONT);
  s->kill_at_ms = deadline_after((uint64_t)s->stop_grace_ms);
  arm_timer(s);
}

static void kill_now(struct supervision *s) {
  if (s->task_ended) return;
  if (!s->stopping) s->ending.stop_cause = STOP_ORDERED;
  s->stopping = true;
  kill_everything(s);
  end_lease(&s->lease);
}

static void watch_clock(struct supervision *s) {
  int64_t now = boot_ms();
  if (s->timeout_at_ms && now >= s->timeout_at_ms) {
    s->timeout_at_ms = 0;
    begin_stop(s, STOP_TIMEOUT);
  }
  if (s->lease.look_at_ms && !s->stopping && now >= s->lease.look_at_ms) {
    if (renew_lease(&s->lease)) arm_timer(s);
    else begin_stop(s, STOP_LEASE);
  }
  if (s->kill_at_ms && now >= s->kill_at_ms) kill_now(s);
}

// --- children --------------------------------------------------------------------------------------------------------

static int64_t microseconds(struct timeval time) { return (int64_t)time.tv_sec * 1000000 + time.tv_usec; }

static void add_usage(struct ending *ending, const struct rusage *usage) {
  int64_t resident = (int64_t)usage->ru_maxrss * 1024;
  ending->user_us += microseconds(usage->ru_utime);
  ending->system_us += microseconds(usage->ru_stime);
  if (resident > ending->max_resident_bytes) ending->max_resident_bytes = resident;
}

static void reap(struct supervision *s) {
  noted.child_ended = false;
  for (;;) {
    int status;
    struct rusage usage;
    pid_t pid = wait4(-1, &status, WNOHANG, &usage);
    if (pid < 0 && errno == EINTR) continue;
    if (pid <= 0) {
      s->nothing_left = pid < 0;
      return;
    }
    add_usage(&s->ending, &usage);
    if (pid == s->task) {
      s->task_ended = true;
      s->ending.wait_status = status;
    }
  }
}

// --- output ----------------------------------------------------------------------------------------------------------

static void pump(struct supervision *s, int stream) {
  ssize_t length = read(s->pipes[stream], piece, sizeof piece);
  if (length > 0) {
    append_output(&s->output, stream + 1, piece, (size_t)length);
  } else if (length == 0 || errno != EINTR) {
    close(s->pipes[stream]);
    s->pipes[stream] = -1;
  }
}

// Waits and handles what has come. False when nothing came within the timeout.
static bool turn(struct supervision *s, int timeout_ms) {
  struct pollfd ready[4] = {
      {0}, {s->timer, POLLIN, 0}, {s->pipes[0], POLLIN, 0}, {s->pipes[1], POLLIN, 0}};
  int count = wait_for_events(ready, 4, timeout_ms);
  if (count <= 0) return count < 0;
  if (ready[1].revents) {
    uint64_t expirations;
    if (read(s->timer, &expirations, sizeof expirations) < 0) return true;
  }
  for (int stream = 0; stream < 2; stream++) {
    if (ready[2 + stream].revents) pump(s, stream);
  }
  return true;
}

static void drain(struct supervision *s) {
  // A descriptor that was passed to a process outside may keep a pipe open for ever: stop when there is nothing to read.
  while ((s->pipes[0] >= 0 || s->pipes[1] >= 0) && turn(s, 0)) {
  }
}

// --- the stages ------------------------------------------------------------------------------------------------------

static const char *cannot(const char *what) {
  static char error[256];
  snprintf(error, sizeof error, "cannot %s: %s", what, strerror(errno));
  return error;
}

static const char *lay_out_folder(const struct request *request) {
  if (!*request->working_directory) {
    if (mkdir("work", 0700) < 0) return cannot("make the attempt's working directory");
    if (request->has_user && chown("work", request->uid, request->gid) < 0) return cannot("give the folder to the user");
  }
  if (request->script.length) {
    if (!write_file("script", request->script.data, request->script.length, 0700) ||
        chmod("script", 0700) < 0) {
      return cannot("write the script");
    }
    if (request->has_user && chown("script", request->uid, request->gid) < 0) return cannot("give the script to the user");
  }
  return NULL;
}

// The task's standard input: /dev/null (which is ours), or a file that has no name any more.
static int open_standard_input(const struct request *request) {
  if (!request->standard_input.length) return STDIN_FILENO;
  const struct bytes *input = &request->standard_input;
  if (!write_file("input", input->data, input->length, 0600)) return -1;
  int descriptor = open("input", O_RDONLY | O_CLOEXEC);
  unlink("input");
  return descriptor;
}

static const char *start(struct supervision *s, struct request *request) {
  static struct started_task started;
  const char *error = lay_out_folder(request);
  if (error) return error;
  int64_t lease_until_ms = (int64_t)request->lease_deadline_ms;
  if (lease_until_ms) {
    if (boot_ms() >= lease_until_ms) return "its lease was over before it could start";
    if (!begin_lease(&s->lease, lease_until_ms, s->stop_grace_ms)) return cannot("keep the lease");
  }
  int input = open_standard_input(request);
  if (input < 0) return cannot("write the standard input");
  int output_pipe[2], error_pipe[2];
  if (pipe2(output_pipe, O_CLOEXEC) < 0 || pipe2(error_pipe, O_CLOEXEC) < 0) return cannot("make a pipe");
  start_task(request, input, output_pipe[1], error_pipe[1], &started);
  close(output_pipe[1]);
  close(error_pipe[1]);
  if (input != STDIN_FILENO) close(input);
  if (started.error[0]) return started.error;
  s->task = started.pid;
  s->pipes[0] = output_pipe[0];
  s->pipes[1] = error_pipe[0];
  s->ending.started_at_ms = unix_ms();
  if (record_start(s->record, s->task, s->ending.started_at_ms, started.cgroups_joined)) return NULL;
  // Nobody could find it again.
  kill_now(s);
  return cannot("record the start");
}

static void run_to_the_end(struct supervision *s) {
  arm_timer(s);
  while (!s->nothing_left) {
    if (s->task_ended) {
      kill_children();
      end_lease(&s->lease);
    }
    // While sweeping, look again soon: what is forked during a look at the list of children may escape it.
    turn(s, s->task_ended ? SWEEP_INTERVAL_MS : -1);
    if (noted.child_ended || s->task_ended) reap(s);
    if (noted.kill_requested) kill_now(s);
    else if (noted.stop_requested) begin_stop(s, STOP_ORDERED);
    noted.kill_requested = noted.stop_requested = false;
    watch_clock(s);
  }
  drain(s);
  s->ending.output_bytes = s->output.total_bytes;
  s->ending.dropped_bytes = s->output.dropped_bytes;
}

// The end of a task must not be lost because a disk is full: waits for room. False on any other error.
static bool surely_record_end(const struct supervision *s) {
  while (!record_end(s->record, &s->ending)) {
    if (errno != ENOSPC && errno != EDQUOT) return false;
    poll(NULL, 0, RECORD_RETRY_MS);
  }
  return true;
}

static int exit_code_of(const struct ending *ending) {
  if (ending->start_error) return 127;
  return WIFEXITED(ending->wait_status) ? WEXITSTATUS(ending->wait_status) : 128 + WTERMSIG(ending->wait_status);
}

int supervise(struct request *request, int record, void (*release)(void)) {
  static struct supervision s;
  s = (struct supervision){.record = record, .timer = -1, .pipes = {-1, -1}, .stop_signal = request->stop_signal};
  snprintf(s.key, sizeof s.key, "%s", request->key);
  s.stop_grace_ms = (int64_t)(request->stop_grace_ms < MAX_DURATION_MS ? request->stop_grace_ms : MAX_DURATION_MS);
  begin_output(&s.output, request->output_limit_bytes);
  if (chdir(request->folder) < 0) return -1;
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  s.ending.start_error = start(&s, request);
  if (request->timeout_ms) s.timeout_at_ms = deadline_after(request->timeout_ms);
  release();
  if (s.task) {
    if (!s.ending.start_error) tell("started %s %d", s.key, (int)s.task);
    run_to_the_end(&s);
  }
  end_lease(&s.lease);
  if (!surely_record_end(&s)) return -1;
  tell("ended %s", s.key);
  return exit_code_of(&s.ending);
}
