/** Who heard which node when, in true time, and when each leader made up its mind: shared by the checkers of losses. */
import type { HistoryEvent } from "../history.ts";
import { entryOf } from "./entry-of.ts";

/** What is asked about is never older than a commit takes. */
const remembered = 32;

interface PeerView {
  readonly atMs: number;
  readonly silent: ReadonlySet<string>;
}

/** By node, then coordinator. */
type HeardTimes = Map<string, Map<string, number[]>>;

export class Hearing {
  /** When the node was heard directly, the last times. */
  readonly #beats: HeardTimes = new Map();
  readonly #hellos: HeardTimes = new Map();
  /** By coordinator, then peer: the last views that arrived. */
  readonly #views = new Map<string, Map<string, PeerView[]>>();
  /** By node: the last farewell, by whether it meant to return. */
  readonly #farewells = new Map<string, { readonly atMs: number; readonly returning: boolean }>();
  /** By batch: when it was first sent, which is when its decisions were made. */
  readonly #sent = new Map<string, number>();
  /** By coordinator: when its processes started. One knows nothing of what was heard before. */
  readonly #starts = new Map<string, number[]>();
  /** By coordinator: since when its process has run without a pause. */
  readonly #steadySince = new Map<string, number>();
  #placementResumedAtMs = Number.NEGATIVE_INFINITY;

  observe(event: HistoryEvent): void {
    switch (event.kind) {
      case "heard":
        // What a standby passes on was heard by the standby.
        if (event.through !== null) return;
        keep(this.#timesOf(event.what === "beat" ? this.#beats : this.#hellos, event), event.atMs);
        return;
      case "viewHeard": {
        const views = entryOf(this.#views, event.coordinatorId, newMap<PeerView[]>);
        const view = { atMs: event.atMs, silent: new Set(event.silentNodeIds) };
        keep(entryOf(views, event.peerId, newList<PeerView>), view);
        return;
      }
      case "farewellHeard":
        this.#farewells.set(event.nodeId, event);
        return;
      case "commitSent": {
        const key = batchKey(event.coordinatorId, event.batch);
        if (!this.#sent.has(key)) this.#sent.set(key, event.atMs);
        return;
      }
      case "coordinatorStarted":
        this.#steadySince.set(event.coordinatorId, event.atMs);
        keep(entryOf(this.#starts, event.coordinatorId, newList), event.atMs);
        return;
      case "resumed":
        if (this.#steadySince.has(event.machineId)) this.#steadySince.set(event.machineId, event.atMs);
        return;
      case "called":
        if (event.request.kind === "resumePlacement") this.#placementResumedAtMs = event.atMs;
        return;
      default:
        return;
    }
  }

  /** Before that moment. Negative infinity: never, or not since its process began. */
  lastHeardBy(coordinatorId: string, nodeId: string, atMs: number): number {
    const startedMs = this.#startedMs(coordinatorId, atMs);
    const since = (heard: HeardTimes) => {
      const heardMs = lastBefore(heard.get(nodeId)?.get(coordinatorId), atMs);
      return heardMs >= startedMs ? heardMs : Number.NEGATIVE_INFINITY;
    };
    // A Hello may have been refused, since another process spoke for the node; a beat comes over a session that stands.
    const beatMs = since(this.#beats);
    return beatMs > Number.NEGATIVE_INFINITY ? beatMs : since(this.#hellos);
  }

  lastHeardByAny(nodeId: string, atMs: number): number {
    const coordinatorIds = [...(this.#beats.get(nodeId)?.keys() ?? []), ...(this.#hellos.get(nodeId)?.keys() ?? [])];
    return Math.max(Number.NEGATIVE_INFINITY, ...coordinatorIds.map((id) => this.lastHeardBy(id, nodeId, atMs)));
  }

  /** The views that a coordinator had of its peers at that moment, not older than this. */
  viewsOf(coordinatorId: string, atMs: number, maxAgeMs: number): readonly (readonly [peerId: string, PeerView])[] {
    const found: (readonly [string, PeerView])[] = [];
    for (const [peerId, views] of this.#viewsUpTo(coordinatorId, atMs)) {
      const view = views.at(-1);
      if (view !== undefined && atMs - view.atMs <= maxAgeMs) found.push([peerId, view]);
    }
    return found;
  }

  /**
   * Until when a peer's word keeps a coordinator from taking the node for lost. What was on its way for a while counts from its
   * arrival, for `forMs` or until the peer tells of the silence.
   */
  spokenForUntilMs(coordinatorId: string, nodeId: string, atMs: number, forMs: number): number {
    let untilMs = Number.NEGATIVE_INFINITY;
    for (const [, known] of this.#viewsUpTo(coordinatorId, atMs)) {
      const index = known.findLastIndex(({ silent }) => !silent.has(nodeId));
      const last = known[index];
      if (last === undefined) continue;
      const toldMs = known[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
      untilMs = Math.max(untilMs, Math.min(toldMs, last.atMs + forMs));
    }
    return untilMs;
  }

  /** By peer, of the process that ran at that moment, oldest first. */
  *#viewsUpTo(coordinatorId: string, atMs: number): Generator<readonly [peerId: string, views: readonly PeerView[]]> {
    const startedMs = this.#startedMs(coordinatorId, atMs);
    for (const [peerId, views] of this.#views.get(coordinatorId) ?? []) {
      yield [peerId, views.filter((view) => view.atMs <= atMs && view.atMs >= startedMs)];
    }
  }

  #timesOf(heard: HeardTimes, { nodeId, coordinatorId }: HistoryEvent<"heard">): number[] {
    return entryOf(entryOf(heard, nodeId, newMap<number[]>), coordinatorId, newList<number>);
  }

  /** When the process started that ran at that moment. */
  #startedMs(coordinatorId: string, atMs: number): number {
    return lastBefore(this.#starts.get(coordinatorId), atMs);
  }

  farewellOf(nodeId: string): { readonly atMs: number; readonly returning: boolean } | undefined {
    return this.#farewells.get(nodeId);
  }

  /** When what is in the batch was decided; the batch's own time when the sending was not seen. */
  decidedAtMs(entry: {
    readonly coordinatorId: string;
    readonly epoch: number;
    readonly sequence: number;
    readonly atMs: number;
  }): number {
    return this.#sent.get(batchKey(entry.coordinatorId, entry)) ?? entry.atMs;
  }

  /** Since when its process has run without a pause. */
  steadySince(coordinatorId: string): number {
    return this.#steadySince.get(coordinatorId) ?? Number.NEGATIVE_INFINITY;
  }

  /** When an operator last told the cluster to go on. */
  get placementResumedAtMs(): number {
    return this.#placementResumedAtMs;
  }
}

function newMap<Value>(): Map<string, Value> {
  return new Map();
}

function newList<Item>(): Item[] {
  return [];
}

function keep<Item>(list: Item[], item: Item): void {
  list.push(item);
  if (list.length > remembered) list.shift();
}

/** A process that goes on after a pause decides and hears in one moment, in this order. */
function lastBefore(times: readonly number[] | undefined, atMs: number): number {
  return times?.findLast((one) => one < atMs) ?? Number.NEGATIVE_INFINITY;
}

function batchKey(coordinatorId: string, { epoch, sequence }: { readonly epoch: number; readonly sequence: number }) {
  return `${coordinatorId} ${epoch}.${sequence}`;
}
