// `holdfast-supervisor launch`: starts a supervisor for each frame on standard input.
#ifndef HOLDFAST_LAUNCHER_H
#define HOLDFAST_LAUNCHER_H

struct title_space {
  char *begin;
  char *end;
};

// Runs until standard input ends. `state` is the agent's folder for `events` and `launcher.lock`; `title` is where the
// kernel reads this process's command line. Returns the exit code.
int launch(const char *state, struct title_space title);

#endif
