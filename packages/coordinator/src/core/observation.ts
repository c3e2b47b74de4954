/**
 * What this coordinator hears itself, and does not store: each has its own, standbys too, since agents speak to all of
 * them. A new leader therefore knows at once who has been silent for how long.
 */
import type { Heard, NodeLoad, Now, PeerHearing } from "./event.ts";
import type { NodeRecord } from "./record.ts";
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
  readonly silent: ReadonlySet<string>;
  readonly receivedMs: number;
}

export class Observation {
  /** In the order of the last beat, longest silent first. */
  readonly hearings = new Map<string, NodeHearing>();
  readonly peers = new Map<string, PeerView>();
  /** Nodes that this coordinator has never heard, and from when their silence counts. */
  readonly unheardFromMs = new Map<string, number>();
  /** Silent for suspectAfterMs: gets no new tasks. */
  readonly suspects = new Set<string>();
  /** Silent for lostAfterMs here, but heard by a peer. */
  readonly cutOff = new Set<string>();
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
  /** Not "": nodes are not taken for lost until a witness, the nodes or an operator says so. */
  frozenReason = "";
  /** An operator has said that the silent nodes are lost, whatever the guard thinks. */
  lossConfirmedUntilMs = 0;
  /** When this coordinator last began to lead; on the steady clock. */
  electedMs = Number.NEGATIVE_INFINITY;
  /** When this leader last granted a lease to an exclusive attempt, by `taskId.number`; oldest first. */
  readonly grants = new Map<string, number>();
  /** Nodes that have said Hello to this leader, having met its epoch. */
  readonly greeted = new Set<string>();
  /** This leader knows what runs on every node: exclusive tasks may be placed. */
  knowsWhatRuns = false;

  readonly #stallMs: number;

  /** @param stallMs a gap between two turns of the own loop above this is a stall */
  constructor(stallMs: number, now: Now) {
    this.#stallMs = stallMs;
    this.graceFromMs = now.steadyMs;
    this.lastTurnMs = now.steadyMs;
    this.steadySinceMs = now.steadyMs;
  }

  /**
   * The own loop has turned. After a stall, every node gets its time again: what it sent meanwhile may wait in our own
   * buffers.
   */
  turned(now: Now): void {
    if (now.steadyMs - this.lastTurnMs > this.#stallMs) {
      this.graceFromMs = now.steadyMs;
      this.steadySinceMs = now.steadyMs;
    }
    this.lastTurnMs = now.steadyMs;
  }
}

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
      return;
    }
    case "left": {
      const hearing = observation.hearings.get(heard.nodeId);
      if (hearing?.instanceId === heard.instanceId) hearing.instanceId = "";
      return;
    }
    case "turned":
      return observation.turned(now);
    case "peer":
      observation.peers.set(heard.hearing.coordinatorId, {
        hearing: heard.hearing,
        silent: new Set(heard.hearing.silentNodeIds),
        receivedMs: now.steadyMs,
      });
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

/** The nodes that have been silent for at least their suspectAfterMs: what peers are told. */
export function silentNodes(
  observation: Observation,
  nodes: Iterable<NodeRecord>,
  settings: Settings,
  now: Now,
): readonly string[] {
  const silent: string[] = [];
  for (const node of nodes) {
    const heardAtMs = observation.hearings.get(node.id)?.lastBeatMs ?? Number.NEGATIVE_INFINITY;
    if (now.steadyMs - heardAtMs >= livenessOf(settings, node.nodeClass).suspectAfterMs) silent.push(node.id);
  }
  return silent;
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

function noteBeat(observation: Observation, hearing: NodeHearing, now: Now): void {
  hearing.lastBeatMs = now.steadyMs;
  observation.hearings.delete(hearing.nodeId);
  observation.hearings.set(hearing.nodeId, hearing);
}

function assertNever(heard: never): never {
  throw new Error(`unknown hearing ${JSON.stringify(heard)}`);
}
