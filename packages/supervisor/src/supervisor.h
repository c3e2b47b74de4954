// One supervisor: starts a task, and stays until nothing of it is left.
#ifndef HOLDFAST_SUPERVISOR_H
#define HOLDFAST_SUPERVISOR_H

#include "request.h"

// Supervises the attempt whose (existing) folder is `request->folder`; changes the current directory to it. `record` is
// what create_record gave.
// Standard input, output and error must be /dev/null. `release` is called once the request's bytes are not needed any
// more. Returns the task's exit code (128+n for a signal, 127 when it was not started), or -1 when the end could not
// be recorded.
int supervise(struct request *request, int record, void (*release)(void));

#endif
