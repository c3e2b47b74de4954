/**
 * Puts back what the storage has lost: the records of an orphan, piece by piece, at any time of a leadership.
 *
 *   task in the orphan   ours is                     then
 *   any                  unknown, and new there      it is added
 *   any                  unknown, older than both    nothing: ours had it, and has forgotten it since its end
 *   any                  ended                       ours stays
 *   ended                live                        it has ended; what runs of ours is stopped
 *   live                 live, not changed since     the orphan's replaces it
 *   live                 live, changed since         ours stays; an acknowledged cancel is done again
 *
 * "Since" is since both histories parted. Of several orphans, the one that reaches further into the later epoch counts.
 * Deletions do not count. Nothing here goes by the order in which pieces come, and merging twice is merging once.
 *
 * One request, accepted in both histories: ours stays the request's answer. The other is kept under its own id: as it ended,
 * or else cancelled with a reason that names ours (and that it stays, if a longer orphan tells of another end later). If the
 * bodies differ, both are work of their own, and both run.
 */
import type { OrphanPiece } from "../event.ts";
import { presumeLost } from "../exclusive/loss.ts";
import { askWhatRuns, doubtStarts } from "../exclusive/office.ts";
import type { BatchRecord, ClusterRecord, DurableRecord, NodeRecord, TaskRecord } from "../record.ts";
import { isEnded, isEndedAttempt } from "../record.ts";
import { requestKey } from "../state/state.ts";
import { cancelTask } from "../tasks/control.ts";
import { stopAttempt } from "../tasks/transitions.ts";
import { currentAttempt, type Turn, withAttempt } from "../turn.ts";
import { isMerging, ownOrphanMerged } from "./care.ts";
import type { Merged, MergeTally } from "./observed.ts";

/** What comes with a task: its body and tails. */
type Texts = ReadonlyMap<string, readonly DurableRecord[]>;

export function merge(turn: Turn, piece: OrphanPiece): void {
  const { mergeTallies } = turn.observation;
  const { cluster } = turn.state;
  if (cluster.mendedIn !== turn.epoch) {
    turn.put({ kind: "cluster", id: "cluster", value: { ...cluster, mendedIn: turn.epoch } });
  }
  const tally = mergeTallies.get(piece.orphanId) ?? { added: 0, ended: 0, replaced: 0, superseded: 0 };
  mergeTallies.set(piece.orphanId, tally);
  const texts = textsByTask(piece);
  const doubtful = new Set<string>();
  for (const record of piece.records) {
    if (record.value === null) continue;
    if (record.kind === "cluster") mergePause(turn, record.value);
    else if (record.kind === "node") mergeNode(turn, piece, record.value);
    else if (record.kind === "batch") mergeBatch(turn, piece, record.value);
    else if (record.kind === "task") {
      mergeTask(turn, piece, record.value, texts.get(record.id) ?? [], tally);
      for (const nodeId of settleAttempts(turn, record.id)) doubtful.add(nodeId);
    }
  }
  // In the end, everybody is asked anyway.
  if (turn.observation.care === null) for (const nodeId of doubtful) turn.tell({ kind: "inquire", nodeId });
  if (!isMerging(turn) && piece.records.some(isLiveExclusive)) doubtStarts(turn);
  if (piece.isLast) finish(turn, piece, tally);
  if (piece.isLast && !isMerging(turn)) askWhatRuns(turn);
}

/** What agents have told of it so far was of a task that nobody knew. */
function isLiveExclusive(record: DurableRecord): boolean {
  return record.kind === "task" && record.value !== null && record.value.exclusive && !isEnded(record.value.state);
}

function finish(turn: Turn, { orphanId, origin }: OrphanPiece, tally: MergeTally): void {
  turn.observation.mergeTallies.delete(orphanId);
  const { added, ended, replaced, superseded } = tally;
  const numbers = `${added} tasks added, ${ended} ended, ${replaced} brought up to date, ${superseded} superseded`;
  turn.note("storage.merged", origin, `from the journal of ${origin}: ${numbers}`);
  turn.tell({ kind: "merged", orphanId, origin });
  if (origin === turn.state.cluster.leaderId) ownOrphanMerged(turn);
}

function mergeTask(
  turn: Turn,
  piece: OrphanPiece,
  task: TaskRecord,
  texts: readonly DurableRecord[],
  tally: MergeTally,
): void {
  const ours = turn.state.findTask(task.id);
  const key = `task ${task.id}`;
  if (ours === undefined) {
    // Its body was written with its submission: without it, the task is older than the orphan.
    if (piece.changedSince?.has(key) || !texts.some(({ kind }) => kind === "body")) return;
    return addTask(turn, piece, task, texts, tally);
  }
  if (isEnded(ours.state)) return;
  if (isEnded(task.state)) {
    putMerged(turn, piece, key, withOursStopped(turn, task, ours), texts);
    tally.ended += 1;
  } else if (replaces(turn, piece, key, ours)) {
    putMerged(turn, piece, key, withOursStopped(turn, task, ours), texts);
    tally.replaced += 1;
  } else if (task.state === "stopping" && currentAttempt(task)?.stop === "cancelled") {
    cancelTask(turn, ours, "as was asked for before the storage lost it");
  }
}

function addTask(
  turn: Turn,
  piece: OrphanPiece,
  task: TaskRecord,
  texts: readonly DurableRecord[],
  tally: MergeTally,
): void {
  const other = otherOfRequest(turn, task);
  if (other === null) {
    tally.added += 1;
    return putMerged(turn, piece, `task ${task.id}`, task, texts);
  }
  const kept = { ...task, requestId: "" };
  if (isEnded(task.state) || !other.sameBody) {
    tally.added += 1;
    return putMerged(turn, piece, `task ${task.id}`, kept, texts);
  }
  tally.superseded += 1;
  const reason = `its request was accepted again as ${other.id}, after the storage had lost this one`;
  let ended: TaskRecord = { ...kept, state: "cancelled", reason, endedAtMs: turn.now.wallMs, held: false };
  for (const attempt of task.attempts) {
    if (!isEndedAttempt(attempt.state)) ended = stopAttempt(turn, ended, attempt, "superseded", reason);
  }
  putMerged(turn, piece, `task ${task.id}`, ended, texts);
}

/** What our history has made of the request that this task came with; null: nothing else. */
function otherOfRequest(turn: Turn, task: TaskRecord): { readonly id: string; readonly sameBody: boolean } | null {
  const { requests, batches, batchParts } = turn.state;
  for (const part of batchParts.get(task.batchId) ?? []) {
    const batch = batches.get(part);
    if (batch?.replacedBy !== undefined && batch.taskIds.includes(task.id))
      return { id: batch.replacedBy, sameBody: true };
  }
  const id = task.requestId === "" ? undefined : requests.get(requestKey(task.namespace, task.requestId));
  if (id === undefined || id === task.id) return null;
  return { id, sameBody: turn.state.findTask(id)?.bodyHash === task.bodyHash };
}

function mergeBatch(turn: Turn, piece: OrphanPiece, batch: BatchRecord): void {
  const { batches, requests } = turn.state;
  if (batches.has(batch.id) || piece.changedSince?.has(`batch ${batch.id}`)) return;
  const other = batch.requestId === "" ? undefined : requests.get(requestKey(batch.namespace, batch.requestId));
  if (other === undefined) return turn.put({ kind: "batch", id: batch.id, value: batch });
  const sameBody = batches.get(other)?.bodyHash === batch.bodyHash;
  const value = { ...batch, requestId: "", ...(sameBody ? { replacedBy: other } : {}) };
  turn.put({ kind: "batch", id: batch.id, value });
}

/**
 * What an operator said last counts: to the later leadership, since coordinators' clocks may be hours apart, and what was said
 * to one of them by its clock.
 */
function mergePause(turn: Turn, theirs: ClusterRecord): void {
  const { cluster } = turn.state;
  const { placementPaused, placementPausedReason, placementChangedAtMs, placementChangedIn = 0 } = theirs;
  const { placementChangedAtMs: oursAtMs = 0, placementChangedIn: oursIn = 0 } = cluster;
  if (placementChangedAtMs === undefined || placementChangedIn < oursIn) return;
  if (placementChangedIn === oursIn && placementChangedAtMs <= oursAtMs) return;
  const changed = { placementChangedAtMs, placementChangedIn };
  const value = { ...cluster, placementPaused, placementPausedReason, ...changed };
  turn.put({ kind: "cluster", id: "cluster", value });
  if (placementPaused === cluster.placementPaused) return;
  turn.note(placementPaused ? "placement.paused" : "placement.resumed", "cluster", placementPausedReason);
}

/** Liveness stays as this leader sees it. What an operator has asked for is not undone. */
function mergeNode(turn: Turn, piece: OrphanPiece, node: NodeRecord): void {
  const key = `node ${node.id}`;
  const ours = turn.state.nodes.get(node.id);
  if (ours === undefined) {
    if (piece.changedSince?.has(key)) return;
    const { hearings, unheardFromMs } = turn.observation;
    if (!hearings.has(node.id)) unheardFromMs.set(node.id, turn.now.steadyMs);
    return putNode(turn, piece, key, node);
  }
  const { lostAtMs, awayUntilMs } = ours;
  if (replaces(turn, piece, key, ours)) return putNode(turn, piece, key, { ...node, lostAtMs, awayUntilMs });
  const cordoned = ours.cordoned || node.cordoned;
  const cordonReason = ours.cordoned ? ours.cordonReason : node.cordonReason;
  const drains = ours.drainDeadlineMs === null && node.drainDeadlineMs !== null;
  const drain = drains ? { drainDeadlineMs: node.drainDeadlineMs, drainFinished: false } : {};
  if (drains || cordoned !== ours.cordoned) turn.putNode({ ...ours, cordoned, cordonReason, ...drain });
}

/** Does the orphan's record count more than ours, which is there? */
function replaces(turn: Turn, { end, changedSince, seen }: OrphanPiece, key: string, ours: Merged["value"]): boolean {
  const merged = turn.observation.merged.get(key);
  if (merged === undefined) return changedSince !== null && !changedSince.has(key) && seen.get(key) === ours;
  const reachesFurther =
    end.epoch > merged.end.epoch || (end.epoch === merged.end.epoch && end.sequence > merged.end.sequence);
  return merged.value === ours && reachesFurther;
}

function putMerged(
  turn: Turn,
  { end }: OrphanPiece,
  key: string,
  task: TaskRecord,
  texts: readonly DurableRecord[],
): void {
  turn.observation.merged.set(key, { value: task, end });
  turn.putTask(task);
  for (const text of texts) turn.put(text);
}

function putNode(turn: Turn, { end }: OrphanPiece, key: string, node: NodeRecord): void {
  turn.observation.merged.set(key, { value: node, end });
  turn.putNode(node);
}

/**
 * The orphan's task, with the attempts that only ours has; those that run are stopped. How an attempt ended in ours stays, and
 * what its request means, ours knows.
 */
function withOursStopped(turn: Turn, task: TaskRecord, ours: TaskRecord): TaskRecord {
  const reason = "another history of the task counts, which the storage had lost";
  let merged = { ...task, requestId: ours.requestId };
  for (const attempt of ours.attempts) {
    const theirs = task.attempts.find(({ number }) => number === attempt.number);
    if (theirs?.nodeId === attempt.nodeId) {
      const hasEnded = isEndedAttempt(attempt.state) && attempt.state !== "lost";
      if (hasEnded) merged = withAttempt(merged, attempt.number, attempt);
      continue;
    }
    if (theirs === undefined) merged = { ...merged, attempts: [...merged.attempts, attempt] };
    if (isEndedAttempt(attempt.state)) continue;
    const stopped = stopAttempt(turn, merged, attempt, "superseded", reason);
    // A number that both have given: ours is not in the records any more, and its agent is told to stop whenever it asks.
    if (theirs === undefined) merged = stopped;
  }
  // The orphan may have forgotten its oldest: what ours has of those does not come last.
  return { ...merged, attempts: merged.attempts.toSorted((one, other) => one.number - other.number) };
}

/** What is thought to run on a node that is gone does not. @returns the nodes that have to be asked */
function settleAttempts(turn: Turn, taskId: string): readonly string[] {
  const doubtful: string[] = [];
  for (const { number, nodeId } of turn.state.tasks.get(taskId)?.attempts ?? []) {
    const task = turn.state.tasks.get(taskId);
    const attempt = task?.attempts.find((one) => one.number === number);
    if (task === undefined || attempt === undefined || isEndedAttempt(attempt.state)) continue;
    if (turn.state.nodes.get(nodeId)?.lostAtMs === 0) doubtful.push(nodeId);
    else presumeLost(turn, task, attempt, `its node ${nodeId} is lost`);
  }
  return doubtful;
}

function textsByTask({ records }: OrphanPiece): Texts {
  const texts = new Map<string, DurableRecord[]>();
  for (const record of records) {
    if (record.kind !== "body" && record.kind !== "tail") continue;
    const taskId = record.kind === "body" ? record.id : record.id.slice(0, record.id.lastIndexOf("."));
    const there = texts.get(taskId) ?? [];
    there.push(record);
    texts.set(taskId, there);
  }
  return texts;
}
