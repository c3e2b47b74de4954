// Starts the task's process.
#ifndef HOLDFAST_TASK_H
#define HOLDFAST_TASK_H

#include <stddef.h>
#include <sys/types.h>

#include "request.h"

struct started_task {
  // 0 when nothing was started.
  pid_t pid;
  size_t cgroups_joined;
  // Why nothing was started, for a person.
  char error[768];
};

// The task reads `standard_input` and writes into the other two; all three stay open here. Its working directory is
// relative to the current one, which must be the attempt's folder. Blocks until the program has been executed.
void start_task(struct request *request, int standard_input, int standard_output, int standard_error,
                struct started_task *started);

#endif
