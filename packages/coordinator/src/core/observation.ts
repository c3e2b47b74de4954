/**
 * What this coordinator hears itself, and does not store: each has its own, standbys too, since agents speak to all of
 * them. A new leader therefore knows at once who has been silent for how long.
 */
import type { Heard, NodeLoad, Now, PeerHearing } from "./event.ts";
import type { NodeRecord } from "./record.ts";
import type { Care, Merged, MergeTally } from "./recovery/observed.ts";
import { minuteMs, minutesKept, NodeSeries } from "./series/node-series.ts";
import { livenessOf, type Settings } from "./settings.ts";

export interface NodeHearing {
  readonly nodeId: string;
  /** Of the agent process whose session is open; "" when none is. */
  instanceId: string;
  beatSequence: number;
  /** On the steady clock. */
  lastBeatMs: number;
  load: NodeLoad;
  /**
   * Processor time promised to attempts so lately that it cannot show in `load` yet: those placed since the last sample,
   * and those since the one before it.
   */
  unseenCpuMillis: number;
  unseenBeforeCpuMillis: number;
}

export interface PeerView {
  readonly hearing: PeerHearing;
  /** The nodes that the peer does not hear, and for how long it has not. */
  readonly silentForMs: ReadonlyMap<string, number>;
  readonly receivedMs: number;
}

export class Observation {
  /** In the order of the last beat, longest silent first. */
  readonly hearings = new Map<string, NodeHearing>();
  /** What was measured of each node lately. */
  readonly series = new Map<string, NodeSeries>();
  readonly peers = new Map<string, PeerView>();
  /** Nodes that this coordinator has never heard, and from when their silence counts. */
  readonly unheardFromMs = new Map<string, number>();
  /** Silent for suspectAfterMs: gets no new tasks. */
  readonly suspects = new Set<string>();
  /** Silent for lostAfterMs here, but heard by a peer. */
  readonly cutOff = new Set<string>();
  /** Nodes whose beats have come through another coordinator since our own session brought one. */
  readonly relays = new Map<string, { readonly through: string; readonly lastBeatMs: number }>();
  /** When nodes were taken for lost, within the window of the mass-loss guard; on the steady clock. */
  readonly losses = new Map<string, number>();
  /** When nodes that had been lost and beat again were asked what runs there. */
  readonly inquiries = new Map<string, number>();
  /** A node that is kept free for a task which no node has room for. */
  reservation: { readonly taskId: string; readonly nodeId: string } | null = null;
  /** No silence counts from before this: start of the process, the election, or the end of a stall of our own. */
  graceFromMs: number;
  lastTurnMs: number;
  /** Our own loop has turned without a stall since. */
  steadySinceMs: number;
  /** How often our own loop has stalled. */
  stalls = 0;
  /** Not "": nodes are not taken for lost until a witness, the nodes or an operator says so. */
  frozenReason = "";
  /** An operator has said that the silent nodes are lost, whatever the guard thinks. */
  lossConfirmedUntilMs = 0;
  /** Not "": why no exclusive tasks are taken, and what to set. */
  exclusiveObstacle = "";
  /** When this coordinator last began to lead; on the steady clock. */
  electedMs = Number.NEGATIVE_INFINITY;
  /** When this leader last granted a lease to an exclusive attempt, by `taskId.number`; oldest first. */
  readonly grants = new Map<string, number>();
  /** When this leader last granted leases on a node. */
  readonly grantedNodes = new Map<string, number>();
  /** Exclusive attempts that this leader has placed, by `taskId.number`; some of them may have ended. */
  readonly placedHere = new Set<string>();
  /** Nodes with exclusive attempts of which nothing may be known. */
  readonly doubtedNodes = new Set<string>();
  /** Nodes that have said Hello to this leader, having met its epoch. */
  readonly greeted = new Set<string>();
  /** Not "": the storage server's process that may have lost starts of exclusive tasks, also on nodes that are lost now. */
  missesStartsOn = "";
  /** This leader knows what runs on every node: exclusive tasks may be placed. */
  knowsWhatRuns = false;

  /** When this coordinator's process began to hear; on the steady clock. */
  readonly startedMs: number;
  /** When the storage last named each of the other coordinators as one that lives. */
  readonly listedMs = new Map<string, number>();
  /** Not null: this leader makes sure first that the storage has lost nothing. */
  care: Care | null = null;
  /** What came into the state from orphans since the election, by key; a value that is no longer the state's has changed. */
  readonly merged = new Map<string, Merged>();
  /** What was done with each orphan so far. */
  readonly mergeTallies = new Map<string, MergeTally>();

  readonly #stallMs: number;
  #seriesSweptMs: number;

  /** @param stallMs a gap between two turns of the own loop above this is a stall */
  constructor(stallMs: number, now: Now) {
    this.#stallMs = stallMs;
    this.startedMs = now.steadyMs;
    this.graceFromMs = now.steadyMs;
    this.lastTurnMs = now.steadyMs;
    this.steadySinceMs = now.steadyMs;
    this.#seriesSweptMs = now.steadyMs;
  }

  /**
   * The own loop has turned. After a stall, every node gets its time again: what it sent meanwhile may wait in our own
   * buffers.
   */
  turned(now: Now): void {
    if (now.steadyMs - this.lastTurnMs > this.#stallMs) {
      this.graceFromMs = now.steadyMs;
      this.steadySinceMs = now.steadyMs;
      this.stalls += 1;
    }
    this.lastTurnMs = now.steadyMs;
    this.#forgetSeries(now);
  }

  /** Of nodes that have gone; of each whatever it holds is over by then. */
  #forgetSeries(now: Now): void {
    if (now.steadyMs - this.#seriesSweptMs < minuteMs) return;
    this.#seriesSweptMs = now.steadyMs;
    for (const [nodeId, { measuredAtMs }] of this.series) {
      if (now.wallMs - measuredAtMs > minutesKept * minuteMs) this.series.delete(nodeId);
    }
  }
}

const peersKept = 64;
/** After a stall, everything that came meanwhile has been read. */
const catchUpMs = 1_000;
const unmeasured: NodeLoad = Object.freeze({ cpuUsed: -1, memoryUsedBytes: -1 });

/** Takes in what was heard. */
export function hear(observation: Observation, heard: Heard, now: Now): void {
  switch (heard.kind) {
    case "joined": {
      const hearing = hearingOf(observation, heard.nodeId);
      hearing.instanceId = heard.instanceId;
      hearing.beatSequence = 0;
      return noteBeat(observation, hearing, now);
    }
    case "beat": {
      const hearing = hearingOf(observation, heard.nodeId);
      hearing.beatSequence = heard.sequence;
      return noteBeat(observation, hearing, now);
    }
    case "load": {
      const hearing = hearingOf(observation, heard.nodeId);
      hearing.load = heard.load;
      hearing.unseenBeforeCpuMillis = hearing.unseenCpuMillis;
      hearing.unseenCpuMillis = 0;
      const series = observation.series.get(heard.nodeId) ?? new NodeSeries();
      observation.series.set(heard.nodeId, series);
      return series.put(heard.samples, now.wallMs);
    }
    case "left": {
      const hearing = observation.hearings.get(heard.nodeId);
      if (hearing?.instanceId === heard.instanceId) hearing.instanceId = "";
      return;
    }
    case "relayed": {
      const { nodeId, through } = heard;
      observation.relays.set(nodeId, { through, lastBeatMs: now.steadyMs });
      const isNew = !observation.hearings.has(nodeId) && !observation.unheardFromMs.has(nodeId);
      if (isNew) observation.unheardFromMs.set(nodeId, Number.NEGATIVE_INFINITY);
      return;
    }
    case "turned":
      return observation.turned(now);
    case "exclusiveObstacle":
      observation.exclusiveObstacle = heard.reason;
      return;
    case "peer":
      // Whoever claims ever new names would fill the memory; a cluster has a handful of coordinators.
      if (observation.peers.size >= peersKept) observation.peers.delete(observation.peers.keys().next().value ?? "");
      observation.peers.set(heard.hearing.coordinatorId, {
        hearing: heard.hearing,
        silentForMs: silencesOf(heard.hearing),
        receivedMs: now.steadyMs,
      });
      return;
    case "listed":
      for (const id of heard.coordinatorIds) observation.listedMs.set(id, now.steadyMs);
      return;
    default:
      return assertNever(heard);
  }
}

/** For how long this node has been silent, as far as this coordinator can tell. */
export function silenceMs(observation: Observation, nodeId: string, now: Now): number {
  const heardAtMs = observation.hearings.get(nodeId)?.lastBeatMs ?? Number.NEGATIVE_INFINITY;
  return now.steadyMs - Math.max(heardAtMs, observation.graceFromMs);
}

/** The nodes that have been silent for at least their suspectAfterMs, and for how long: what peers are told. */
export function silentNodes(
  observation: Observation,
  nodes: Iterable<NodeRecord>,
  settings: Settings,
  now: Now,
): { readonly silentNodeIds: string[]; readonly silentForMs: number[] } {
  const silentNodeIds: string[] = [];
  const silentForMs: number[] = [];
  // What was sent during a stall of our own may still be waiting to be heard.
  const hasCaughtUp = now.steadyMs - observation.steadySinceMs >= catchUpMs;
  const graceFromMs = hasCaughtUp ? observation.startedMs : observation.graceFromMs;
  for (const node of nodes) {
    const heardAtMs = observation.hearings.get(node.id)?.lastBeatMs ?? Number.NEGATIVE_INFINITY;
    if (now.steadyMs - heardAtMs < livenessOf(settings, node.nodeClass).suspectAfterMs) continue;
    silentNodeIds.push(node.id);
    silentForMs.push(Math.max(0, Math.round(now.steadyMs - Math.max(heardAtMs, graceFromMs))));
  }
  return { silentNodeIds, silentForMs };
}

export function hearingOf(observation: Observation, nodeId: string): NodeHearing {
  let hearing = observation.hearings.get(nodeId);
  if (hearing === undefined) {
    hearing = {
      nodeId,
      instanceId: "",
      beatSequence: 0,
      lastBeatMs: Number.NEGATIVE_INFINITY,
      load: unmeasured,
      unseenCpuMillis: 0,
      unseenBeforeCpuMillis: 0,
    };
    observation.hearings.set(nodeId, hearing);
  }
  return hearing;
}

/** A peer that does not say how long has been silent for ever, as far as it counts here. */
function silencesOf({ silentNodeIds, silentForMs = [] }: PeerHearing): ReadonlyMap<string, number> {
  return new Map(silentNodeIds.map((id, index) => [id, Math.max(0, silentForMs[index] ?? Number.POSITIVE_INFINITY)]));
}

function noteBeat(observation: Observation, hearing: NodeHearing, now: Now): void {
  observation.relays.delete(hearing.nodeId);
  hearing.lastBeatMs = now.steadyMs;
  observation.hearings.delete(hearing.nodeId);
  observation.hearings.set(hearing.nodeId, hearing);
}

function assertNever(heard: never): never {
  throw new Error(`unknown hearing ${JSON.stringify(heard)}`);
}
