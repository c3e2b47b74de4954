// Messages to the agent, one text line each, through the FIFO `events`. They are hints: the folders are the truth.
#ifndef HOLDFAST_EVENTS_H
#define HOLDFAST_EVENTS_H

#include <stdbool.h>

// Makes the FIFO where it is missing and opens it. The descriptor serves all supervisors that are forked later, and
// agents that come later too, since the FIFO stays the same.
bool open_events(const char *path);

// Dropped when nobody listens, or when the listener is so late that the FIFO is full.
__attribute__((format(printf, 1, 2))) void tell(const char *format, ...);

extern int events_descriptor;

#endif
