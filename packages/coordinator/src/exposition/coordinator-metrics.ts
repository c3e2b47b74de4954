/** What a coordinator exposes. No label's value comes from outside: all are states and outcomes of our own. */
import type { Exposition } from "@holdfast/shared/exposition/exposition.ts";
import { judge } from "../committed-view.ts";
import type { Now } from "../core/event.ts";
import type { Observation } from "../core/observation.ts";
import type { AttemptState, TaskState } from "../core/record.ts";
import type { Settings } from "../core/settings.ts";
import type { State } from "../core/state/state.ts";
import type { Position } from "../store/store.ts";
import type { CoordinatorMeter } from "./coordinator-meter.ts";

/** A coordinator at one moment; to be looked at at once, since it changes. */
export interface CoordinatorSight {
  readonly now: Now;
  readonly state: State;
  readonly position: Position;
  readonly observation: Observation;
  readonly settings: Settings;
  /** 0: it does not lead. */
  readonly leadingEpoch: number;
  readonly knowsLeader: boolean;
  /** Null: it does not lead. */
  readonly leaseAgeMs: number | null;
  readonly storeAnswers: boolean;
  readonly sessions: number;
}

export interface ExposedCoordinator {
  readonly meter: CoordinatorMeter;
  readonly sight: () => CoordinatorSight;
  readonly journalBytes: () => number;
}

type Look<Value> = (sight: CoordinatorSight) => Value;

const taskStates: readonly TaskState[] = ["pending", "placed", "starting", "running", "stopping"];
const endStates: readonly TaskState[] = ["succeeded", "failed", "cancelled", "timedOut"];
const attemptEnds: readonly AttemptState[] = ["succeeded", "failed", "timedOut", "cancelled", "lost", "refused"];
const nodeStates = ["ready", "suspect", "cutOff", "away", "lost"] as const;
/** A look at more would hold up everything else; the oldest of so many is old enough to tell. */
const waitingLookedAt = 100_000;

export function exposeCoordinator(exposition: Exposition, exposed: ExposedCoordinator): void {
  exposeLeadership(exposition, exposed);
  exposeStorage(exposition, exposed);
  exposeTasks(exposition, exposed);
  exposeNodes(exposition, exposed);
}

function exposeLeadership(exposition: Exposition, { sight, meter }: ExposedCoordinator): void {
  const gauge = gaugeOf(exposition, sight);
  gauge("holdfast_coordinator_leads", "Whether this coordinator leads, by its own clock and lease: 1 or 0.", (seen) =>
    seen.leadingEpoch > 0 ? 1 : 0,
  );
  gauge(
    "holdfast_coordinator_knows_leader",
    "Whether this coordinator knows who leads, itself included: 1 or 0.",
    (seen) => (seen.knowsLeader ? 1 : 0),
  );
  gauge(
    "holdfast_cluster_epoch",
    "Epoch of the newest leadership that this coordinator's copy of the state knows.",
    ({ state }) => state.cluster.epoch,
  );
  gauge(
    "holdfast_log_sequence",
    "Position of this coordinator's copy in the log; how far a standby is behind is the leader's minus its own.",
    ({ position }) => position.sequence,
  );
  gauge(
    "holdfast_lease_age_seconds",
    "Of the leader: since it sent the last good renewal of its lease; it steps down at stepDownMs.",
    ({ leaseAgeMs }) => (leaseAgeMs === null ? null : leaseAgeMs / 1_000),
  );
  exposition.counter(
    { name: "holdfast_leaderships_total", help: "How often this coordinator began to lead." },
    () => meter.leaderships,
  );
  exposition.counter(
    {
      name: "holdfast_loop_stalls_total",
      help: "How often this coordinator's own loop stood still so long that it gave every node its time again.",
    },
    () => sight().observation.stalls,
  );
  gauge(
    "holdfast_cluster_frozen",
    "Of the leader: whether too many nodes are silent at once for them to be taken for lost without a witness: 1 or 0.",
    (seen) => (seen.leadingEpoch === 0 ? null : seen.observation.frozenReason === "" ? 0 : 1),
  );
  gauge("holdfast_placement_paused", "Whether an operator has paused placement: 1 or 0.", ({ state }) =>
    state.cluster.placementPaused ? 1 : 0,
  );
}

function exposeStorage(exposition: Exposition, { sight, meter, journalBytes }: ExposedCoordinator): void {
  exposition.gauge(
    { name: "holdfast_store_up", help: "Whether the storage answered the last read and the last write: 1 or 0." },
    () => (sight().storeAnswers ? 1 : 0),
  );
  exposition.counters(
    {
      name: "holdfast_commits_total",
      help:
        "What became of batches that this coordinator sent to the storage while it led: committed, refused (another " +
        "leads), unanswered (sent again), unknown (never answered before its lease ran out).",
      labels: ["outcome"],
    },
    () => Object.entries(meter.commits).map(([outcome, value]) => ({ labels: { outcome }, value })),
  );
  exposition.counter(
    { name: "holdfast_committed_records_total", help: "Records in the batches that this coordinator has committed." },
    () => meter.recordsCommitted,
  );
  exposition.gauge(
    { name: "holdfast_journal_bytes", help: "Size of this coordinator's journal of committed batches on its disk." },
    journalBytes,
  );
}

function exposeTasks(exposition: Exposition, { sight, meter }: ExposedCoordinator): void {
  const gauge = gaugeOf(exposition, sight);
  exposition.gauges({ name: "holdfast_tasks", help: "Tasks that have not ended, by state.", labels: ["state"] }, () => {
    const { counts } = sight().state;
    return byState(taskStates, counts);
  });
  gauge(
    "holdfast_queue_oldest_age_seconds",
    "Age of the oldest task that could be placed and waits for room: since it was submitted, became eligible, or its last attempt ended. Held ones " +
      `do not count. With more than ${waitingLookedAt} tasks that have not ended, the oldest of as many. 0: none waits.`,
    (seen) => oldestWaitMs(seen) / 1_000,
  );
  gauge("holdfast_ended_tasks_kept", "Ended tasks that can still be looked at.", ({ state }) => state.ended.size);
  exposition.counter(
    {
      name: "holdfast_tasks_accepted_total",
      help: "Tasks that this coordinator accepted while it led; those given back from a journal, too.",
    },
    () => meter.tally.tasksAccepted,
  );
  exposition.counters(
    { name: "holdfast_tasks_ended_total", help: "Tasks that ended while this coordinator led.", labels: ["state"] },
    () => byState(endStates, meter.tally.tasksEnded),
  );
  exposition.counters(
    {
      name: "holdfast_attempts_ended_total",
      help: "Attempts that ended while this coordinator led, by how; one that was lost and found again ends twice.",
      labels: ["state"],
    },
    () => byState(attemptEnds, meter.tally.attemptsEnded),
  );
}

function exposeNodes(exposition: Exposition, { sight, meter }: ExposedCoordinator): void {
  const gauge = gaugeOf(exposition, sight);
  exposition.gauges(
    { name: "holdfast_nodes", help: "Nodes by state, as this coordinator sees them.", labels: ["state"] },
    () => byState(nodeStates, countNodes(sight())),
  );
  gauge("holdfast_nodes_cordoned", "Nodes that get no new tasks because somebody wants it so.", ({ state }) =>
    countIf(state.nodes.values(), ({ cordoned }) => cordoned),
  );
  gauge("holdfast_nodes_draining", "Nodes whose drain has not finished.", ({ state }) =>
    countIf(state.nodes.values(), (node) => node.drainDeadlineMs !== null && !node.drainFinished),
  );
  gauge("holdfast_agent_sessions", "Agents that have a session with this coordinator.", ({ sessions }) => sessions);
  gauge(
    "holdfast_series_left_out",
    "Series that were measured last and are not kept, since their nodes have more than 40.",
    ({ observation }) => [...observation.series.values()].reduce((sum, { dropped }) => sum + dropped, 0),
  );
  exposition.counter(
    { name: "holdfast_nodes_lost_total", help: "How often a node was taken for lost while this coordinator led." },
    () => meter.tally.nodesLost,
  );
}

/** Every state has a series, also while nothing is in it. */
function byState<State extends string>(states: readonly State[], counts: ReadonlyMap<string, number>) {
  return states.map((state) => ({ labels: { state: snakeCase(state) }, value: counts.get(state) ?? 0 }));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function gaugeOf(exposition: Exposition, sight: () => CoordinatorSight) {
  return (name: string, help: string, look: Look<number | null>) =>
    exposition.gauge({ name, help }, () => look(sight()));
}

function countNodes({ state, observation, settings, now }: CoordinatorSight): Map<string, number> {
  const counts = new Map<string, number>();
  for (const node of state.nodes.values()) {
    const lastBeatMs = observation.hearings.get(node.id)?.lastBeatMs ?? Number.NEGATIVE_INFINITY;
    const judged = judge(node, observation, settings, now.steadyMs - lastBeatMs, now).state;
    counts.set(judged, (counts.get(judged) ?? 0) + 1);
  }
  return counts;
}

function oldestWaitMs({ state, now }: CoordinatorSight): number {
  let left = state.counts.get("pending") ?? 0;
  let oldestMs = 0;
  let looked = 0;
  for (const task of state.tasks.values()) {
    if (left === 0 || looked === waitingLookedAt) break;
    looked += 1;
    if (task.state !== "pending") continue;
    left -= 1;
    if (task.held) continue;
    const endedAtMs = task.attempts.at(-1)?.endedAtMs ?? 0;
    oldestMs = Math.max(oldestMs, now.wallMs - Math.max(task.submittedAtMs, task.eligibleAtMs, endedAtMs));
  }
  return oldestMs;
}

function countIf<Item>(items: Iterable<Item>, holds: (item: Item) => boolean): number {
  let count = 0;
  for (const item of items) if (holds(item)) count += 1;
  return count;
}
