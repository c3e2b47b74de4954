/** An agent says who it is and what it runs: the moment at which both sides are made to agree. */
import type { NodeHello } from "../event.ts";
import { startAgain } from "../placement/place.ts";
import { randomFrom } from "../placement/random.ts";
import type { AttemptRecord, NodeRecord } from "../record.ts";
import { isEndedAttempt } from "../record.ts";
import { takeNews } from "../tasks/news.ts";
import { loseAttempt } from "../tasks/transitions.ts";
import type { Turn } from "../turn.ts";

/** @param seed for the backoff of what has failed meanwhile */
export function greet(turn: Turn, hello: NodeHello, seed: number): void {
  if (hello.highestEpoch > turn.epoch) {
    const reason = `node ${hello.nodeId} has met epoch ${hello.highestEpoch}, which is above ours (${turn.epoch})`;
    return turn.tell({ kind: "resign", reason });
  }
  const known = turn.state.nodes.get(hello.nodeId);
  const rebooted = known !== undefined && known.bootId !== hello.bootId;
  register(turn, hello, known);
  turn.observation.inquiries.delete(hello.nodeId);
  turn.state.slots.gained.add(hello.nodeId);
  if (rebooted) loseAll(turn, hello.nodeId, `node ${hello.nodeId} was restarted`);
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
  const next: NodeRecord = { ...known, ...present };
  if (JSON.stringify(next) !== JSON.stringify(known)) turn.putNode(next);
  if (known.lostAtMs > 0) turn.note("node.returned", id, "it was lost and is back");
  else if (known.bootId !== bootId) turn.note("node.rebooted", id, "it comes with a new boot id");
  else if (known.awayUntilMs > 0) turn.note("node.returned", id, "its agent is back");
}

/** Attempts that are thought to be there and that the agent did not name. */
function settleUnmentioned(turn: Turn, hello: NodeHello): void {
  const mentioned = new Set(hello.attempts.map((news) => `${news.taskId}.${news.attempt}`));
  for (const [key, taskId] of [...(turn.state.slots.get(hello.nodeId)?.attempts ?? [])]) {
    if (mentioned.has(key)) continue;
    const { task, attempt } = find(turn, key, taskId);
    if (attempt.state === "placed") startAgain(turn, taskId, attempt);
    else loseAttempt(turn, task, attempt, `node ${hello.nodeId} knows nothing of it any more`);
  }
}

/** Loses every attempt that has not ended on the node. */
export function loseAll(turn: Turn, nodeId: string, reason: string): void {
  for (const [key, taskId] of [...(turn.state.slots.get(nodeId)?.attempts ?? [])]) {
    const { task, attempt } = find(turn, key, taskId);
    if (!isEndedAttempt(attempt.state)) loseAttempt(turn, task, attempt, reason);
  }
}

function find(turn: Turn, key: string, taskId: string) {
  const task = turn.state.tasks.get(taskId);
  const number = Number(key.slice(taskId.length + 1));
  const attempt: AttemptRecord | undefined = task?.attempts.find((one) => one.number === number);
  if (task === undefined || attempt === undefined) throw new Error(`attempt ${key} is indexed, but not recorded`);
  return { task, attempt };
}
