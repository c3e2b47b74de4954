// The command line of holdfast-supervisor.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptors.h"
#include "launcher.h"
#include "record.h"
#include "request.h"
#include "signals.h"
#include "supervisor.h"

#define VERSION "0.1.0"

enum { USAGE_EXIT = 2 };

static const char usage[] =
    "Usage:\n"
    "  holdfast-supervisor launch --state DIR\n"
    "      Start a supervisor for each start frame on standard input (the agent does this).\n"
    "  holdfast-supervisor run --folder DIR [options] -- PROGRAM [ARGUMENT...]\n"
    "      Supervise one program in the foreground, with the environment of the caller. DIR must not exist yet; output\n"
    "      and records are in it afterwards. Exits with the program's code, 128+n when signal n ended it.\n"
    "        --cwd DIR              working directory (default: a new one in the folder)\n"
    "        --timeout-ms N         stop it after N ms (default: 0, never)\n"
    "        --stop-grace-ms N      from the stop signal to SIGKILL (default: 10000)\n"
    "        --stop-signal N        number of the stop signal (default: 15)\n"
    "        --output-limit N       bytes of output to keep (default: 16777216)\n"
    "  holdfast-supervisor --version\n";

extern char **environ;
static struct request request;

static int usage_error(const char *complaint, const char *subject) {
  fprintf(stderr, "holdfast-supervisor: %s%s\n%s", complaint, subject, usage);
  return USAGE_EXIT;
}

static bool parse_number(const char *text, uint64_t *number) {
  char *end;
  errno = 0;
  *number = strtoull(text, &end, 10);
  return *text >= '0' && *text <= '9' && !*end && !errno;
}

// NULL, or the option that is wrong.
static const char *set_option(const char *option, char *value) {
  uint64_t number = 0;
  bool is_number = parse_number(value, &number);
  if (strcmp(option, "--folder") == 0) request.folder = value;
  else if (strcmp(option, "--cwd") == 0) request.working_directory = value;
  else if (strcmp(option, "--timeout-ms") == 0 && is_number) request.timeout_ms = number;
  else if (strcmp(option, "--stop-grace-ms") == 0 && is_number) request.stop_grace_ms = number;
  else if (strcmp(option, "--stop-signal") == 0 && is_number && number >= 1 && number <= 64) request.stop_signal = (int)number;
  else if (strcmp(option, "--output-limit") == 0 && is_number) request.output_limit_bytes = number;
  else return option;
  return NULL;
}

static const char *take_program(char **words) {
  for (; *words; words++) {
    if (request.argument_count == MAX_ARGUMENTS) return "too many arguments";
    request.vector[2 + request.argument_count++] = *words;
  }
  for (char **variable = environ; *variable && request.environment_count < MAX_ENVIRONMENT; variable++) {
    request.environment[request.environment_count++] = *variable;
  }
  return request.argument_count ? NULL : "the program is missing";
}

static void keep_request(void) {}

static int run(char **words) {
  reset_request(&request);
  request.key = "-";
  for (; *words && strcmp(*words, "--") != 0; words += 2) {
    if (!words[1]) return usage_error("a value is missing after ", words[0]);
    if (set_option(words[0], words[1])) return usage_error("wrong option or value: ", words[0]);
  }
  if (!*request.folder) return usage_error("--folder is missing", "");
  const char *error = take_program(*words ? words + 1 : words);
  if (error) return usage_error(error, "");
  char folder[4096];
  if (mkdir(request.folder, 0711) < 0 || !realpath(request.folder, folder)) {
    fprintf(stderr, "holdfast-supervisor: cannot make the folder \"%s\": %s\n", request.folder, strerror(errno));
    return 1;
  }
  request.folder = folder;
  close_descriptors(3);
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0 || dup2(null, STDIN_FILENO) < 0 || !set_up_signals()) {
    fprintf(stderr, "holdfast-supervisor: cannot set up: %s\n", strerror(errno));
    return 1;
  }
  load_boot_id();
  int record = create_record(folder, "{}", 2);
  if (record < 0) {
    fprintf(stderr, "holdfast-supervisor: cannot write into the folder \"%s\": %s\n", folder, strerror(errno));
    return 1;
  }
  int code = supervise(&request, record, keep_request);
  return code < 0 ? 1 : code;
}

int main(int count, char **words) {
  if (count == 2 && strcmp(words[1], "--version") == 0) {
    puts("holdfast-supervisor " VERSION);
    return 0;
  }
  if (count == 4 && strcmp(words[1], "launch") == 0 && strcmp(words[2], "--state") == 0) {
    // Arguments and environment lie next to each other in memory.
    char *end = words[count - 1] + strlen(words[count - 1]) + 1;
    for (char **variable = environ; *variable && *variable == end; variable++) end += strlen(*variable) + 1;
    static char state[4096];
    if (snprintf(state, sizeof state, "%s", words[3]) >= (int)sizeof state) return usage_error("--state is too long", "");
    return launch(state, (struct title_space){words[0], end});
  }
  if (count >= 2 && strcmp(words[1], "run") == 0) return run(words + 2);
  return usage_error(count < 2 ? "a command is missing" : "unknown or incomplete command: ", count < 2 ? "" : words[1]);
}
