// The task's side of the start. The child is made by vfork: no copy of page tables, and it can report its error in
// shared memory. It must therefore change nothing else that the supervisor uses.
#include "task.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char default_path[] = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

__attribute__((format(printf, 2, 3))) static void fail(struct started_task *started, const char *format, ...) {
  int error = errno;
  va_list values;
  va_start(values, format);
  int length = vsnprintf(started->error, sizeof started->error, format, values);
  va_end(values);
  if (length >= 0 && length < (int)sizeof started->error) {
    snprintf(started->error + length, sizeof started->error - (size_t)length, ": %s", strerror(error));
  }
  _exit(127);
}

static void join_cgroups(const struct request *request, struct started_task *started) {
  for (size_t at = 0; at < request->cgroup_count; at++) {
    int descriptor = open(request->cgroup_procs[at], O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) continue;
    // "0" is the writer itself.
    if (write(descriptor, "0", 1) == 1) started->cgroups_joined++;
    close(descriptor);
  }
}

static void become_user(const struct request *request, struct started_task *started) {
  if (setgroups(request->group_count, request->groups) < 0) fail(started, "cannot set the user's groups");
  if (setresgid(request->gid, request->gid, request->gid) < 0) fail(started, "cannot become group %u", request->gid);
  if (setresuid(request->uid, request->uid, request->uid) < 0) fail(started, "cannot become user %u", request->uid);
  if (request->uid == 0) return;
  // The kernel drops them only when the user was root; an agent with capabilities of its own keeps them.
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  if (syscall(SYS_capset, &header, none) < 0) fail(started, "cannot drop capabilities");
}

static const char *path_variable(const struct request *request) {
  for (size_t at = 0; at < request->environment_count; at++) {
    if (strncmp(request->environment[at], "PATH=", 5) == 0) return request->environment[at] + 5;
  }
  return default_path;
}

// Returns only when it failed, with errno set. `vector` has a place for the interpreter before it.
static void execute_file(char *path, char **vector, char **environment) {
  execve(path, vector, environment);
  if (errno != ENOEXEC) return;
  char *program = vector[0];
  vector[-1] = "/bin/sh";
  vector[0] = path;
  execve("/bin/sh", vector - 1, environment);
  vector[0] = program;
}

static void search_and_execute(char **vector, const struct request *request) {
  char candidate[PATH_MAX];
  bool denied = false;
  const char *name = vector[0];
  for (const char *from = path_variable(request), *to; from; from = *to ? to + 1 : NULL) {
    to = strchrnul(from, ':');
    int length = snprintf(candidate, sizeof candidate, "%.*s%s%s", (int)(to - from), from, to > from ? "/" : "", name);
    if (length >= (int)sizeof candidate) continue;
    execute_file(candidate, vector, (char **)request->environment);
    if (errno == EACCES) denied = true;
    else if (errno != ENOENT && errno != ENOTDIR) return;
  }
  errno = denied ? EACCES : ENOENT;
}

static void execute(struct request *request, char *script, struct started_task *started) {
  char **vector = request->vector + 2;
  if (script) *--vector = script;
  if (strchr(vector[0], '/')) execute_file(vector[0], vector, request->environment);
  else if (*vector[0]) search_and_execute(vector, request);
  else errno = ENOENT;
  fail(started, script ? "cannot execute the script" : "cannot execute \"%.400s\"", vector[0]);
}

static void run_child(struct request *request, const int standard[3], char *script, pid_t supervisor,
                      struct started_task *started) {
  setsid();
  for (int at = 0; at < 3; at++) {
    if (standard[at] != at) dup2(standard[at], at);
  }
  join_cgroups(request, started);
  bool own_folder = !*request->working_directory;
  // Before the change of user: the way to the attempt's own folder need not be open to that user.
  if (own_folder && chdir("work") < 0) fail(started, "cannot enter the attempt's folder");
  if (request->has_user) become_user(request, started);
  if (!own_folder && chdir(request->working_directory) < 0) {
    fail(started, "cannot enter the working directory \"%.400s\"", request->working_directory);
  }
  // After the change of user, which resets it.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // It may have died before that.
  if (getppid() != supervisor) _exit(127);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execute(request, script, started);
}

// In a function of its own, because a vforked child shares the frame of the function that made it.
__attribute__((noinline)) static pid_t make_child(struct request *request, const int standard[3], char *script,
                                                  struct started_task *started) {
  pid_t supervisor = getpid();
  pid_t pid = vfork();
  if (pid == 0) run_child(request, standard, script, supervisor, started);
  return pid;
}

void start_task(struct request *request, int standard_input, int standard_output, int standard_error,
                struct started_task *started) {
  char script[PATH_MAX];
  started->pid = 0;
  started->cgroups_joined = 0;
  started->error[0] = 0;
  snprintf(script, sizeof script, "%s/script", request->folder);
  const int standard[3] = {standard_input, standard_output, standard_error};
  started->pid = make_child(request, standard, request->script.length ? script : NULL, started);
  if (started->pid < 0) {
    snprintf(started->error, sizeof started->error, "cannot make a process: %s", strerror(errno));
    started->pid = 0;
  }
}
