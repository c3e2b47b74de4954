// All processes below this one. The supervisor is the subreaper, so orphans of any depth become its own children.
#ifndef HOLDFAST_TREE_H
#define HOLDFAST_TREE_H

// Sends SIGKILL to each child of this process. Repeat until waitpid finds no child: the orphans of those that die
// become children in turn.
void kill_children(void);

#endif
