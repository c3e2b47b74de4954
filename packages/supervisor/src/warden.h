// Stands behind the supervisor of an exclusive task, as its parent. Should the supervisor be killed, whatever the task has left
// becomes the warden's, which kills it, daemons included, without the agent. Should the warden be killed, the supervisor goes
// on alone.
#ifndef HOLDFAST_WARDEN_H
#define HOLDFAST_WARDEN_H

#include <stdbool.h>

// Divides this process into a warden and the supervisor-to-be, in which alone it returns true. `release` is called in the
// warden, which does not need the request. False with errno set when there can be no other process.
bool stand_guard(void (*release)(void));

#endif
