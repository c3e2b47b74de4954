/** Why an exclusive task waits although there may be room for it: until when, and what would shorten it. */
import type { Now } from "../event.ts";
import type { Observation } from "../observation.ts";
import type { AttemptRecord, TaskRecord } from "../record.ts";
import type { Settings } from "../settings.ts";
import type { State } from "../state/state.ts";
import { earlierGrantsEndMs } from "./bound.ts";
import { awaitedNodes } from "./office.ts";

export interface Wait {
  readonly summary: string;
  readonly remedies: readonly string[];
}

const nodesNamed = 3;

/** Of a task whose attempt may still run on a node that nothing is known of; null: it does not wait for that. */
export function waitForBound(state: State, task: TaskRecord, now: Now): Wait | null {
  const attempt = task.attempts.findLast((one) => one.mayRunUntilMs !== undefined);
  if (attempt?.mayRunUntilMs === undefined) return null;
  const { nodeId, number } = attempt;
  const left = seconds(attempt.mayRunUntilMs - now.wallMs);
  const summary =
    `It is exclusive, and its attempt ${number} on ${nodeId} may still run: ${task.reason}. ` +
    `Its lease is over for certain in ${left} s at most; only then does it go on.`;
  return { summary, remedies: proofs(state, attempt) };
}

/** Of a pending one that this leader does not place yet; null: it would, or does not lead. */
export function waitForOffice(state: State, observation: Observation, settings: Settings, now: Now): Wait | null {
  const leftMs = earlierGrantsEndMs(observation, settings) - now.steadyMs;
  const missing = awaitedNodes({ state, observation });
  if (observation.knowsWhatRuns || leftMs <= 0 || missing.length === 0) return null;
  const named = missing.slice(0, nodesNamed).join(", ") + (missing.length > nodesNamed ? ", …" : "");
  const summary =
    "It is exclusive, and this leader is new: it places such tasks when every node has told what runs there, or " +
    `in ${seconds(leftMs)} s. ${missing.length} ${missing.length === 1 ? "has" : "have"} not yet: ${named}.`;
  const first = missing.slice(0, nodesNamed);
  const lost = first.filter((nodeId) => (state.nodes.get(nodeId)?.lostAtMs ?? 0) > 0);
  const confirm = lost.map((nodeId) => `if you know that it is off: holdfast node confirm-dead ${nodeId}`);
  return { summary, remedies: [`bring ${first.join(" and ")} back`, ...confirm] };
}

/** What proves that nothing of the attempt runs any more. */
function proofs(state: State, { nodeId }: AttemptRecord): string[] {
  const remedies = [`bring ${nodeId} back: its agent's report decides at once`];
  if (state.nodes.get(nodeId)?.lostAtMs === 0) return remedies;
  remedies.push(`restart the machine of ${nodeId}: another boot id proves that nothing of before runs`);
  remedies.push(`if you know that it is off: holdfast node confirm-dead ${nodeId}`);
  return remedies;
}

function seconds(ms: number): string {
  return Math.max(0, ms / 1_000).toFixed(1);
}
