/** An agent says who it is and what it runs: the moment at which both sides are made to agree. */
import type { NodeHello } from "../event.ts";
import { foundAgain, presumeLost } from "../exclusive/loss.ts";
import { mayRunElsewhere, noteGreeting } from "../exclusive/office.ts";
import { startAgain } from "../placement/place.ts";
import { randomFrom } from "../placement/random.ts";
import type { AttemptRecord, NodeRecord, TaskRecord } from "../record.ts";
import { isEndedAttempt } from "../record.ts";
import { takeNews } from "../tasks/news.ts";
import { loseAttempt, stopAgain, stopAttempt } from "../tasks/transitions.ts";
import type { Turn } from "../turn.ts";
import { suspectIfRelayed } from "./cut-off.ts";

const bootIdsKept = 8;

/** @param seed for the backoff of what has failed meanwhile */
export function greet(turn: Turn, hello: NodeHello, seed: number): void {
  if (hello.highestEpoch > turn.epoch) {
    const reason = `node ${hello.nodeId} has met epoch ${hello.highestEpoch}, which is above ours (${turn.epoch})`;
    return turn.tell({ kind: "resign", reason });
  }
  const known = turn.state.nodes.get(hello.nodeId);
  if (known?.formerBootIds?.includes(hello.bootId)) return tellOfLateHello(turn, hello);
  const rebooted = known !== undefined && known.bootId !== hello.bootId;
  register(turn, hello, known);
  noteGreeting(turn, hello);
  suspectIfRelayed(turn, hello.nodeId);
  turn.observation.inquiries.delete(hello.nodeId);
  turn.state.slots.gained.add(hello.nodeId);
  if (rebooted) loseWhatRan(turn, hello.nodeId, `node ${hello.nodeId} was restarted`);
  const random = randomFrom(seed);
  for (const news of hello.attempts) takeNews(turn, hello.nodeId, news, random());
  settleUnmentioned(turn, hello);
}

function register(turn: Turn, hello: NodeHello, known: NodeRecord | undefined): void {
  const { nodeId: id, nodeClass, labels, inventory, bootId, agentVersion } = hello;
  const present = { nodeClass, labels, inventory, bootId, agentVersion, lostAtMs: 0, awayUntilMs: 0 };
  if (known === undefined) {
    const fresh = { cordoned: false, cordonReason: "", drainDeadlineMs: null, drainFinished: false };
    turn.putNode({ version: 1, id, joinedAtMs: turn.now.wallMs, ...fresh, ...present });
    turn.note("node.joined", id, `${inventory.cpuCores} cores, ${inventory.arch}, agent ${agentVersion}`);
    return;
  }
  const next: NodeRecord = { ...known, ...present, ...formerBootIds(known, bootId) };
  if (JSON.stringify(next) !== JSON.stringify(known)) turn.putNode(next);
  if (known.lostAtMs > 0) turn.note("node.returned", id, "it was lost and is back");
  else if (known.bootId !== bootId) turn.note("node.rebooted", id, "it comes with a new boot id");
  else if (known.awayUntilMs > 0) turn.note("node.returned", id, "its agent is back");
}

/** From a session of an earlier boot, stuck on its way: what it tells of is over. */
function tellOfLateHello(turn: Turn, { nodeId, bootId }: NodeHello): void {
  const message = `a Hello of node ${nodeId} came late, from its earlier boot ${bootId}: nothing of it is taken`;
  turn.tell({ kind: "log", level: "warn", message });
}

function formerBootIds(known: NodeRecord, bootId: string): Pick<NodeRecord, "formerBootIds"> {
  const former = known.formerBootIds ?? [];
  if (known.bootId === bootId) return former.length === 0 ? {} : { formerBootIds: former };
  return { formerBootIds: [...former, known.bootId].slice(-bootIdsKept) };
}

/** Attempts that are thought to be there and that the agent did not name. */
function settleUnmentioned(turn: Turn, hello: NodeHello): void {
  const mentioned = new Set(hello.attempts.map((news) => `${news.taskId}.${news.attempt}`));
  for (const [key, taskId] of [...(turn.state.slots.get(hello.nodeId)?.attempts ?? [])]) {
    if (mentioned.has(key)) continue;
    const { task, attempt } = find(turn, key, taskId);
    const unknown = `node ${hello.nodeId} knows nothing of it any more`;
    if (attempt.state === "placed") orderAgain(turn, task, attempt);
    else if (!isOnlyOrdered(attempt)) presumeLost(turn, task, attempt, unknown);
    else {
      // The order may reach it yet. The answer to the stop is its end; that of an exclusive one may be certain before.
      stopAgain(turn, task, attempt);
      if (task.exclusive) presumeLost(turn, task, attempt, unknown);
    }
  }
}

/**
 * An agent makes an attempt's folder before it starts it: the same order never starts it twice there. Where another attempt
 * of an exclusive task may run, it is taken back instead, and its agent's answer proves that it never starts.
 */
function orderAgain(turn: Turn, task: TaskRecord, attempt: AttemptRecord): void {
  if (task.exclusive && mayRunElsewhere(turn, task, attempt)) {
    const reason = "another attempt of the task may run elsewhere";
    return turn.putTask(stopAttempt(turn, task, attempt, "drained", reason));
  }
  if (attempt.mayRunUntilMs !== undefined) turn.putTask(foundAgain(task, attempt));
  startAgain(turn, task.id, attempt);
}

/** The node has not told of it yet: the order to start it may still be on its way. */
function isOnlyOrdered(attempt: AttemptRecord): boolean {
  return attempt.state === "placed" || (attempt.stop !== null && attempt.startedAtMs === 0);
}

/**
 * The machine has restarted: what it had told of runs no more. An order that it had not answered may have reached it since,
 * and counts as what it is, unanswered.
 */
function loseWhatRan(turn: Turn, nodeId: string, reason: string): void {
  for (const { task, attempt } of liveAttempts(turn, nodeId)) {
    if (!isOnlyOrdered(attempt)) loseAttempt(turn, task, attempt, reason);
  }
}

/** Loses every attempt on the node; it is certain that nothing runs there. */
export function loseAll(turn: Turn, nodeId: string, reason: string): void {
  for (const { task, attempt } of liveAttempts(turn, nodeId)) loseAttempt(turn, task, attempt, reason);
}

/** Nothing is known of what runs on the node. */
export function presumeAllLost(turn: Turn, nodeId: string, reason: string): void {
  for (const { task, attempt } of liveAttempts(turn, nodeId)) presumeLost(turn, task, attempt, reason);
}

/** Each as it is when its turn comes: what becomes of one may end others of the same task. */
function* liveAttempts(turn: Turn, nodeId: string): Iterable<{ task: TaskRecord; attempt: AttemptRecord }> {
  for (const [key, taskId] of [...(turn.state.slots.get(nodeId)?.attempts ?? [])]) {
    const found = find(turn, key, taskId);
    if (!isEndedAttempt(found.attempt.state)) yield found;
  }
}

function find(turn: Turn, key: string, taskId: string): { task: TaskRecord; attempt: AttemptRecord } {
  const task = turn.state.tasks.get(taskId);
  const number = Number(key.slice(taskId.length + 1));
  const attempt: AttemptRecord | undefined = task?.attempts.find((one) => one.number === number);
  if (task === undefined || attempt === undefined) throw new Error(`attempt ${key} is indexed, but not recorded`);
  return { task, attempt };
}
