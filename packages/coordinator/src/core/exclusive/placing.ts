/** Which exclusive tasks may be placed now. */
import type { TaskRecord } from "../record.ts";
import { isEndedAttempt } from "../record.ts";
import type { Turn } from "../turn.ts";

const postponedMs = 1_000;

/**
 * False, and looked at again later, when an earlier attempt of an exclusive task has not ended. It may be back from the dead:
 * it was lost and its task waits, but it reported once more and is being stopped.
 */
export function isAlone(turn: Turn, task: TaskRecord): boolean {
  if (!task.exclusive) return true;
  const other = task.attempts.find((attempt) => !isEndedAttempt(attempt.state));
  if (other === undefined) return true;
  const reason = `attempt ${other.number} on ${other.nodeId} has not ended yet`;
  turn.putTask({ ...task, reason, eligibleAtMs: turn.now.wallMs + postponedMs });
  return false;
}
