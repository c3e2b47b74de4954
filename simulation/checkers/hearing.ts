/** Who heard which node when, in true time, and when each leader made up its mind: shared by the checkers of losses. */
import type { HistoryEvent } from "../history.ts";
import { entryOf } from "./checker.ts";

interface PeerView {
  readonly atMs: number;
  readonly silent: ReadonlySet<string>;
}

export class Hearing {
  /** By node, then coordinator: when it last heard the node directly. */
  readonly #direct = new Map<string, Map<string, number>>();
  /** By coordinator, then peer: the last view that arrived. */
  readonly #views = new Map<string, Map<string, PeerView>>();
  /** By node: the last farewell, by whether it meant to return. */
  readonly #farewells = new Map<string, { readonly atMs: number; readonly returning: boolean }>();
  /** By batch: when it was first sent, which is when its decisions were made. */
  readonly #sent = new Map<string, number>();
  /** By coordinator: since when its process has run without a pause. */
  readonly #steadySince = new Map<string, number>();
  #placementResumedAtMs = Number.NEGATIVE_INFINITY;

  observe(event: HistoryEvent): void {
    switch (event.kind) {
      case "heard":
        // What a standby passes on was heard by the standby.
        if (event.through !== null) return;
        entryOf(this.#direct, event.nodeId, () => new Map<string, number>()).set(event.coordinatorId, event.atMs);
        return;
      case "viewHeard": {
        const views = entryOf(this.#views, event.coordinatorId, () => new Map<string, PeerView>());
        views.set(event.peerId, { atMs: event.atMs, silent: new Set(event.silentNodeIds) });
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
        // Its process knows nothing of before.
        for (const byCoordinator of this.#direct.values()) byCoordinator.delete(event.coordinatorId);
        this.#views.delete(event.coordinatorId);
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

  /** Negative infinity: never, or not since its process began. */
  lastHeardBy(coordinatorId: string, nodeId: string): number {
    return this.#direct.get(nodeId)?.get(coordinatorId) ?? Number.NEGATIVE_INFINITY;
  }

  lastHeardByAny(nodeId: string): number {
    return Math.max(Number.NEGATIVE_INFINITY, ...(this.#direct.get(nodeId)?.values() ?? []));
  }

  /** The views that a coordinator has of its peers, not older than this. */
  viewsOf(coordinatorId: string, atMs: number, maxAgeMs: number): readonly (readonly [peerId: string, PeerView])[] {
    return [...(this.#views.get(coordinatorId) ?? [])].filter(([, view]) => atMs - view.atMs <= maxAgeMs);
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

function batchKey(coordinatorId: string, { epoch, sequence }: { readonly epoch: number; readonly sequence: number }) {
  return `${coordinatorId} ${epoch}.${sequence}`;
}
