/**
 * Gives waiting tasks to nodes.
 *
 * A round goes through the shapes of the queue by the rank of their first task. For a task it looks at a few nodes drawn
 * at random and takes the best of those with room; only when none of them has any, at all nodes. A shape for which that
 * failed is blocked: from then on only nodes that gained room are looked at for it. So neither the number of tasks nor that of
 * nodes is ever walked for each task.
 */
import { firstLeaseMs } from "../exclusive/grants.ts";
import { attemptKey } from "../exclusive/live-attempts.ts";
import { knowsWhatRuns } from "../exclusive/office.ts";
import { isAlone } from "../exclusive/placing.ts";
import { hearingOf } from "../observation.ts";
import type { AttemptRecord, TaskRecord } from "../record.ts";
import { Heap } from "../state/heap.ts";
import type { NodeSlot } from "../state/node-slots.ts";
import { rankOf, type Shape } from "../state/waiting-queue.ts";
import type { Turn } from "../turn.ts";
import { hasRoom, isOpen, pickDevices, satisfies } from "./fit.ts";
import { randomFrom } from "./random.ts";
import { endUnneededReservation, mayUse, reserveFor } from "./reservation.ts";
import { expectedCpuMillis, scoreOf, unluckyNodes } from "./score.ts";

/** So many placements at most in one commit. */
const placementsPerTurn = 500;
/** So many nodes are drawn; two already make the fullest node exponentially rarer (Mitzenmacher, 2001). */
const drawnNodes = 12;
/** Older attempts than so many are forgotten. */
const attemptsKept = 50;

export function place(turn: Turn, seed: number): void {
  const { state } = turn;
  releaseDelayed(turn);
  endUnneededReservation(turn);
  if (state.cluster.placementPaused) return;
  const random = randomFrom(seed);
  const shapes = shapesByRank(turn);
  let placed = 0;
  for (let shape = shapes.pop(); shape !== undefined; shape = shapes.pop()) {
    if (placed === placementsPerTurn) {
      turn.unfinished = true;
      return;
    }
    const task = firstWaiting(turn, shape);
    if (task === undefined) continue;
    const slot = chooseNode(turn, shape, task, random);
    if (slot === null) {
      shape.blocked = true;
      reserveFor(turn, shape, task);
      continue;
    }
    shape.waiting.pop();
    placeOn(turn, task, slot);
    placed += 1;
    if (shape.waiting.size > 0) shapes.push(shape.waiting.firstKey, shape);
    else state.queue.forget(shape);
  }
  state.slots.gained.clear();
}

/** Tasks whose time has come join the queue. */
function releaseDelayed(turn: Turn): void {
  const { delayed, queue, tasks, agingMs } = turn.state;
  while (delayed.firstKey <= turn.now.wallMs) {
    const key = delayed.firstKey;
    const task = tasks.get(delayed.pop() ?? "");
    if (task?.state === "pending" && !task.held && task.eligibleAtMs === key) queue.add(task, agingMs);
  }
}

function shapesByRank(turn: Turn): Heap<Shape> {
  const { queue, slots } = turn.state;
  const heap = new Heap<Shape>();
  let placesExclusive: boolean | undefined;
  for (const shape of queue.shapes.values()) {
    if (shape.exclusive) placesExclusive ??= knowsWhatRuns(turn);
    // Whatever gains room meanwhile must not be missed.
    if (shape.exclusive && !placesExclusive) shape.blocked = false;
    else if (!shape.blocked || slots.gained.size > 0) heap.push(shape.waiting.firstKey, shape);
  }
  return heap;
}

/** The task at the shape's head; entries of tasks that wait no longer are dropped. */
function firstWaiting(turn: Turn, shape: Shape): TaskRecord | undefined {
  const { state } = turn;
  for (let id = shape.waiting.first; id !== undefined; id = shape.waiting.first) {
    const task = state.tasks.get(id);
    const waits = task?.state === "pending" && !task.held && task.eligibleAtMs <= turn.now.wallMs;
    if (waits && rankOf(task, state.agingMs) === shape.waiting.firstKey && isAlone(turn, task)) return task;
    shape.waiting.pop();
  }
  state.queue.forget(shape);
  return undefined;
}

function chooseNode(turn: Turn, shape: Shape, task: TaskRecord, random: () => number): NodeSlot | null {
  const { all, gained } = turn.state.slots;
  if (shape.blocked) {
    const freed: NodeSlot[] = [];
    for (const nodeId of gained) {
      const slot = turn.state.slots.get(nodeId);
      if (slot !== undefined) freed.push(slot);
    }
    return bestOf(turn, freed, shape, task);
  }
  if (all.length <= drawnNodes) return bestOf(turn, all, shape, task);
  const drawn: NodeSlot[] = [];
  for (let draw = 0; draw < drawnNodes; draw += 1) drawn.push(all[Math.floor(random() * all.length)] as NodeSlot);
  return bestOf(turn, drawn, shape, task) ?? bestOf(turn, all, shape, task);
}

function bestOf(turn: Turn, slots: readonly NodeSlot[], shape: Shape, task: TaskRecord): NodeSlot | null {
  let best: NodeSlot | null = null;
  let bestScore = Number.POSITIVE_INFINITY;
  const unlucky = unluckyNodes(task);
  for (const slot of slots) {
    if (!canTake(turn, slot) || !hasRoom(slot, shape.resources)) continue;
    if (slot.record === null || !satisfies(slot.record, shape.constraints) || !mayUse(turn, slot.nodeId, task.id))
      continue;
    const score = scoreOf(slot, hearingOf(turn.observation, slot.nodeId), shape.resources, unlucky);
    if (score >= bestScore) continue;
    best = slot;
    bestScore = score;
  }
  return best;
}

/** Its records allow it, its agent has a session here, and it is not suspected. */
function canTake(turn: Turn, slot: NodeSlot): boolean {
  if (slot.record === null || !isOpen(slot.record)) return false;
  const { observation } = turn;
  const hearing = observation.hearings.get(slot.nodeId);
  return hearing !== undefined && hearing.instanceId !== "" && !observation.suspects.has(slot.nodeId);
}

function placeOn(turn: Turn, task: TaskRecord, slot: NodeSlot): void {
  const number = (task.attempts.at(-1)?.number ?? 0) + 1;
  const devices = pickDevices(slot, task.resources);
  const attempt: AttemptRecord = {
    number,
    nodeId: slot.nodeId,
    state: "placed",
    reason: "",
    placedAtMs: turn.now.wallMs,
    startedAtMs: 0,
    endedAtMs: 0,
    exitCode: null,
    signal: "",
    devices,
    usage: null,
    stop: null,
  };
  if (task.exclusive) turn.observation.placedHere.add(attemptKey(task.id, number));
  const attempts = [...task.attempts.slice(1 - attemptsKept), attempt];
  turn.putTask({ ...task, state: "placed", reason: "", eligibleAtMs: 0, attempts });
  hearingOf(turn.observation, slot.nodeId).unseenCpuMillis += expectedCpuMillis(task.resources);
  startAgain(turn, task.id, attempt);
}

/** Orders the start of an attempt that is placed; repeating it is harmless. */
export function startAgain(turn: Turn, taskId: string, attempt: AttemptRecord): void {
  const task = turn.state.tasks.get(taskId);
  const body = turn.state.bodies.get(taskId);
  if (task === undefined || body === undefined) throw new Error(`the body of task ${taskId} is not in memory`);
  const { nodeId, number, devices } = attempt;
  const leaseMs = firstLeaseMs(turn, task, attempt);
  turn.tell({ kind: "start", nodeId, taskId, attempt: number, namespace: task.namespace, body, devices, leaseMs });
}
