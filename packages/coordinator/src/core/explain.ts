/** Why a task waits: what each node lacks, and what would help. */
import type { Now } from "./event.ts";
import { waitForBound, waitForOffice } from "./exclusive/explain.ts";
import type { Observation } from "./observation.ts";
import { describeAmounts, describeConstraint, obstacles, offersEnough, satisfies } from "./placement/fit.ts";
import type { TaskRecord } from "./record.ts";
import { isEnded } from "./record.ts";
import type { Settings } from "./settings.ts";
import type { NodeSlot } from "./state/node-slots.ts";
import type { State } from "./state/state.ts";
import { rankOf } from "./state/waiting-queue.ts";
import { currentAttempt } from "./turn.ts";

export interface NodeVerdict {
  readonly nodeId: string;
  readonly fits: boolean;
  readonly obstacles: readonly string[];
}

export interface Explanation {
  readonly summary: string;
  readonly nodes: readonly NodeVerdict[];
  /** What would help, most effective first. */
  readonly remedies: readonly string[];
  /** From 1; 0 when it does not wait. */
  readonly queuePosition: number;
}

export function explain(
  state: State,
  observation: Observation,
  settings: Settings,
  task: TaskRecord,
  now: Now,
): Explanation {
  const reason = task.reason === "" ? "" : `: ${task.reason}`;
  if (isEnded(task.state)) return brief(`It has ended: ${task.state}${reason}.`);
  const bound = waitForBound(state, task, now);
  if (bound !== null) return brief(bound.summary, bound.remedies);
  if (task.state !== "pending") {
    return brief(`It is ${task.state} on ${currentAttempt(task)?.nodeId ?? "no node"}${reason}.`);
  }
  if (task.held) return brief("It is held.", ["release it"]);
  if (task.eligibleAtMs > now.wallMs) {
    const seconds = ((task.eligibleAtMs - now.wallMs) / 1_000).toFixed(1);
    return brief(`It may not be placed for another ${seconds} s${reason}.`);
  }
  const nodes = state.slots.all.filter(({ record }) => record !== null).map((slot) => judge(slot, task, observation));
  nodes.sort((a, b) => a.obstacles.length - b.obstacles.length || (a.nodeId < b.nodeId ? -1 : 1));
  const queuePosition = positionOf(state, task, now);
  if (state.cluster.placementPaused) {
    const why = state.cluster.placementPausedReason;
    return {
      summary: `Placement is paused${why === "" ? "" : `: ${why}`}.`,
      nodes,
      remedies: ["resume placement"],
      queuePosition,
    };
  }
  if (observation.care !== null) {
    const summary = "Nothing is placed until it is sure that the storage has lost nothing; this takes some seconds.";
    return {
      summary,
      nodes,
      remedies: ["start coordinators that are off: their journals are waited for"],
      queuePosition,
    };
  }
  const office = task.exclusive ? waitForOffice(state, observation, settings, now) : null;
  if (office !== null) return { ...office, nodes, queuePosition };
  const fitting = nodes.filter((node) => node.fits).length;
  const summary =
    nodes.length === 0
      ? "No node has joined the cluster yet."
      : fitting > 0
        ? `${fitting} of ${nodes.length} nodes would take it; ${queuePosition - 1} tasks are before it.`
        : `None of the ${nodes.length} nodes has room for ${describeAmounts(task.resources)}${wishes(task)}.`;
  return { summary, nodes, remedies: remediesFor(state, task, nodes), queuePosition };
}

function brief(summary: string, remedies: readonly string[] = []): Explanation {
  return { summary, nodes: [], remedies, queuePosition: 0 };
}

function wishes(task: TaskRecord): string {
  return task.constraints.length === 0
    ? ""
    : ` and satisfies ${task.constraints.map(describeConstraint).join(" and ")}`;
}

function judge(slot: NodeSlot, task: TaskRecord, observation: Observation): NodeVerdict {
  const found = obstacles(slot, task);
  const hearing = observation.hearings.get(slot.nodeId);
  if (observation.cutOff.has(slot.nodeId)) found.push("it is cut off: only another coordinator hears it");
  else if (slot.record?.lostAtMs === 0 && (hearing === undefined || hearing.instanceId === "")) {
    found.push("its agent is not connected to this coordinator");
  } else if (observation.suspects.has(slot.nodeId)) found.push("it is suspect: its agent is silent");
  const reserved = observation.reservation;
  if (reserved !== null && reserved.nodeId === slot.nodeId && reserved.taskId !== task.id) {
    found.push(`it is kept free for ${reserved.taskId}, which has waited longer`);
  }
  return { nodeId: slot.nodeId, fits: found.length === 0, obstacles: found };
}

function remediesFor(state: State, task: TaskRecord, nodes: readonly NodeVerdict[]): string[] {
  if (nodes.length === 0) return ["start an agent: holdfast agent --config FILE"];
  if (nodes.some((node) => node.fits)) return [];
  const remedies: string[] = [];
  const records = [...state.nodes.values()];
  const satisfying = records.filter((node) => satisfies(node, task.constraints));
  const largeEnough = satisfying.filter((node) => offersEnough(node, task.resources));
  const closed = largeEnough.filter((node) => node.cordoned && node.lostAtMs === 0).map((node) => node.id);
  if (closed.length > 0) remedies.push(`uncordon ${closed.slice(0, 3).join(" or ")}`);
  const busy = largeEnough.filter((node) => !node.cordoned && node.lostAtMs === 0).map((node) => node.id);
  if (busy.length > 0) remedies.push(`wait until tasks on ${busy.slice(0, 3).join(" or ")} end, or raise the priority`);
  const lost = largeEnough.filter((node) => node.lostAtMs > 0).map((node) => node.id);
  if (lost.length > 0) remedies.push(`bring ${lost.slice(0, 3).join(" or ")} back`);
  if (satisfying.length === 0) remedies.push("change the constraints, or label a node to match them");
  if (largeEnough.length === 0 && satisfying.length > 0) remedies.push("ask for less");
  remedies.push(`add a node with at least ${describeAmounts(task.resources)}${wishes(task)}`);
  return remedies;
}

/** Among those that could be placed now: held and delayed ones stand in nobody's way. */
function positionOf(state: State, task: TaskRecord, now: Now): number {
  const rank = rankOf(task, state.agingMs);
  let before = 0;
  for (const other of state.tasks.values()) {
    const waits = other.state === "pending" && !other.held && other.eligibleAtMs <= now.wallMs;
    if (waits && other.id !== task.id && rankOf(other, state.agingMs) < rank) before += 1;
  }
  return before + 1;
}
