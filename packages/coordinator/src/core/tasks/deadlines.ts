/** What time does to tasks by itself: those not started in time end; those long ended are forgotten. */
import type { TaskRecord } from "../record.ts";
import type { Turn } from "../turn.ts";
import { endTask } from "./transitions.ts";

/** So many tasks at most are ended or forgotten in one commit. */
const tasksPerTurn = 1_000;

export function endOverdue(turn: Turn): void {
  const { queueDeadlines, tasks } = turn.state;
  for (let left = tasksPerTurn; left > 0 && queueDeadlines.firstKey <= turn.now.wallMs; left -= 1) {
    const task = tasks.get(queueDeadlines.pop() ?? "");
    if (task?.state !== "pending" || task.startedAtMs > 0) continue;
    const waitedMs = turn.now.wallMs - task.submittedAtMs;
    endTask(
      turn,
      task,
      "failed",
      `not started within its queue timeout (it waited ${(waitedMs / 1_000).toFixed(1)} s)`,
    );
  }
}

/** Ended tasks go when they are too old or too many; with the last of a batch, the batch. */
export function forgetEnded(turn: Turn): void {
  const { ended } = turn.state;
  const { endedTasksKept, endedTasksKeptMs } = turn.settings;
  let excess = ended.size - endedTasksKept;
  const doomed: TaskRecord[] = [];
  for (const task of ended.oldest()) {
    const old = turn.now.wallMs - task.endedAtMs > endedTasksKeptMs;
    if ((!old && excess <= 0) || doomed.length === tasksPerTurn) break;
    doomed.push(task);
    excess -= 1;
  }
  for (const task of doomed) forget(turn, task);
}

function forget(turn: Turn, task: TaskRecord): void {
  for (const attempt of task.attempts) turn.put({ kind: "tail", id: `${task.id}.${attempt.number}`, value: null });
  turn.put({ kind: "body", id: task.id, value: null });
  turn.put({ kind: "task", id: task.id, value: null });
  if (task.batchId === "" || turn.state.batchCounts.has(task.batchId)) return;
  for (const id of [...(turn.state.batchParts.get(task.batchId) ?? [])]) turn.put({ kind: "batch", id, value: null });
}
