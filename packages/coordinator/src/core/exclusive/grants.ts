/**
 * Leases of exclusive attempts: the leader grants them by beats of their agents, and remembers when it did.
 *
 * What counts is when a grant *left*: the beat that it answers was sent before that. Until it has left, the moment of the
 * decision stands for it; a grant that never leaves only makes the leader wait longer than it had to.
 */
import type { CoordinatorEffect } from "../effect.ts";
import type { Now } from "../event.ts";
import type { Observation } from "../observation.ts";
import type { AttemptRecord, TaskRecord } from "../record.ts";
import { isEndedAttempt } from "../record.ts";
import type { Turn } from "../turn.ts";
import { attemptKey, type ExclusiveAttempt } from "./live-attempts.ts";

/** So often in a lease's time it is renewed, if beats allow. */
const grantsPerLease = 10;
const forgottenAtOnce = 1_000;

/** Renews the leases on every node that was heard since it got its last ones. */
export function grantLeases(turn: Turn): void {
  const { state, observation, settings, now } = turn;
  forgetOldGrants(turn);
  for (const [nodeId, attempts] of state.exclusive.byNode) {
    const lastMs = observation.grantedNodes.get(nodeId) ?? Number.NEGATIVE_INFINITY;
    if (now.steadyMs - lastMs < settings.exclusiveLeaseMs / grantsPerLease) continue;
    const heardMs = lastHeardMs(turn, nodeId);
    if (heardMs === null || heardMs <= lastMs) continue;
    const holders = [...attempts.values()].filter((one) => mayBeGranted(turn, nodeId, one));
    if (holders.length === 0) continue;
    observation.grantedNodes.set(nodeId, now.steadyMs);
    for (const { taskId, number } of holders) noteGrant(observation, taskId, number, now);
    const granted = holders.map(({ taskId, number }) => ({ taskId, attempt: number }));
    turn.tell({ kind: "grant", nodeId, attempts: granted, leaseMs: settings.exclusiveLeaseMs });
  }
}

/** What a start grants. 0: the task is not exclusive. */
export function firstLeaseMs(turn: Turn, task: TaskRecord, attempt: AttemptRecord): number {
  if (!task.exclusive) return 0;
  noteGrant(turn.observation, task.id, attempt.number, turn.now);
  return turn.settings.exclusiveLeaseMs;
}

/** True for what must leave only while the leader's lease holds: no fence covers it. */
export function carriesLease(effect: CoordinatorEffect): boolean {
  return effect.kind === "grant" || (effect.kind === "start" && effect.leaseMs > 0);
}

/** To be called right before effects leave. */
export function noteLeaving(observation: Observation, effects: readonly CoordinatorEffect[], now: Now): void {
  for (const effect of effects) {
    if (effect.kind === "grant") {
      for (const { taskId, attempt } of effect.attempts) noteGrant(observation, taskId, attempt, now);
    } else if (effect.kind === "start" && effect.leaseMs > 0) {
      noteGrant(observation, effect.taskId, effect.attempt, now);
    }
  }
}

function noteGrant(observation: Observation, taskId: string, attempt: number, now: Now): void {
  const key = attemptKey(taskId, attempt);
  // Oldest first, for those who forget them.
  observation.grants.delete(key);
  observation.grants.set(key, now.steadyMs);
}

/** When its agent was last heard; null: it is not, and granting would only postpone the end of what runs there. */
function lastHeardMs({ state, observation }: Turn, nodeId: string): number | null {
  if (state.nodes.get(nodeId)?.lostAtMs !== 0) return null;
  const relay = observation.relays.get(nodeId);
  if (relay !== undefined) return relay.lastBeatMs;
  const hearing = observation.hearings.get(nodeId);
  if (hearing === undefined || hearing.instanceId === "" || observation.suspects.has(nodeId)) return null;
  return hearing.lastBeatMs;
}

/** Not one whose place was given away, and not one that its agent does not know. */
function mayBeGranted({ state }: Turn, nodeId: string, { taskId, number }: ExclusiveAttempt): boolean {
  const attempt = state.tasks.get(taskId)?.attempts.find((one) => one.number === number);
  if (attempt?.nodeId !== nodeId || isEndedAttempt(attempt.state)) return false;
  return attempt.stop !== "superseded" && attempt.mayRunUntilMs === undefined;
}

/** A grant that is past the bound says nothing more; nor does where an attempt came from that has ended. */
function forgetOldGrants({ observation, state, settings, now }: Turn): void {
  const { placedHere } = observation;
  if (placedHere.size > 2 * state.exclusive.keys.size + forgottenAtOnce) {
    for (const key of placedHere) if (!state.exclusive.keys.has(key)) placedHere.delete(key);
  }
  for (const [key, grantedMs] of observation.grants) {
    if (now.steadyMs - grantedMs < settings.exclusiveReassignMs) break;
    observation.grants.delete(key);
  }
}
