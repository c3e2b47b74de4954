/**
 * A watch of tasks that continues at its last revision on another coordinator.
 *
 * A watch until the end of all tasks ends by what was seen here, too: after a resumption the new coordinator knows only
 * of the tasks that change from then on.
 */
import type { WatchTasksRequest, WatchTasksResponse } from "./messages.ts";
import type { StreamPlan } from "./resumable-stream.ts";
import { taskHasEnded } from "./task-states.ts";

export function taskWatchPlan(request: WatchTasksRequest): StreamPlan<WatchTasksResponse> {
  const unended = new Set<string>();
  let revision = request.fromRevision ?? "";
  /** Whether the present state has been seen completely, so that `unended` holds all that is selected. */
  let complete = false;

  function note(message: WatchTasksResponse): void {
    for (const task of message.tasks ?? []) {
      if (task.id === undefined) continue;
      if (taskHasEnded(task)) unended.delete(task.id);
      else unended.add(task.id);
    }
    if (message.caughtUp === true && revision === "") complete = true;
    // A present state that broke off must begin again.
    if (complete || revision !== "") revision = message.revision || revision;
  }

  return {
    open: (connection, options) => connection.tasks.Watch({ ...request, fromRevision: revision }, options),
    accept(message) {
      note(message);
      return message;
    },
    complete: (endedByServer) => request.untilEnded === true && (endedByServer || complete) && unended.size === 0,
    restart() {
      if (revision === "") return false;
      revision = "";
      complete = false;
      // Tasks that are kept no longer will not be told of again.
      unended.clear();
      return true;
    },
  };
}
