/** What the cluster itself tells while the demo plays: its events, its suspicions and the ends of the demo's tasks. */
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { ClusterEvent } from "@holdfast/shared/client/messages.ts";
import { waitForBatch } from "../follow/wait-for-end.ts";
import { printable } from "../format/printable.ts";
import { countsText } from "./tally.ts";

/** Told with a line for each; of the many about single tasks only how many there are. */
type Told = (text: string, atMs: number, about: string) => void;

interface Awaited {
  readonly isIt: (event: ClusterEvent) => boolean;
  readonly resolve: (event: ClusterEvent) => void;
}

export class Story {
  readonly #client: HoldfastClient;
  readonly #signal: AbortSignal;
  readonly #awaited = new Set<Awaited>();
  /** Who wants to hear of events; before the first kill nobody does. */
  told: Told = () => {};

  constructor(client: HoldfastClient, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  /** The first such event from now on, whenever it is looked for. */
  next(isIt: Awaited["isIt"]): Promise<ClusterEvent> {
    const { promise, resolve } = Promise.withResolvers<ClusterEvent>();
    this.#awaited.add({ isIt, resolve });
    return promise;
  }

  /** Ends by its signal only. @throws HoldfastError */
  async followEvents(fromRevision: string): Promise<void> {
    for await (const { events = [] } of this.#client.cluster.events({ follow: true, fromRevision }, this.#signal)) {
      this.#tell(events);
      for (const event of events) this.#resolveAwaited(event);
    }
  }

  /** Tells when the node is suspect, which is no event: it may pass. Looked for twice a second. */
  async followSuspicion(nodeId: string): Promise<void> {
    for await (const { nodes = [] } of this.#client.nodes.watch({ nodeId }, this.#signal)) {
      if (!nodes.some(({ state }) => state === "NODE_STATE_SUSPECT")) continue;
      this.told(`${nodeId} is suspect, and gets nothing new`, Date.now(), nodeId);
      return;
    }
  }

  /** @returns how many tasks of the batch succeeded, when all have ended */
  async succeeded(batchId: string, onProgress: (ended: number) => void): Promise<number> {
    const batch = await waitForBatch(this.#client, batchId, ({ ended }) => onProgress(ended), this.#signal);
    return batch.counts?.find(({ state }) => state === "TASK_STATE_SUCCEEDED")?.count ?? 0;
  }

  #tell(events: readonly ClusterEvent[]): void {
    const ofTasks = events.filter(isOfTask);
    const atMsOf = ({ atMs = Date.now() }: ClusterEvent): number => atMs;
    for (const event of events) if (!isOfTask(event)) this.told(eventText(event), atMsOf(event), event.subject ?? "");
    const [first] = ofTasks;
    if (first !== undefined)
      this.told(`tasks: ${countsText(ofTasks.map(({ kind = "" }) => verbOf(kind)))}`, atMsOf(first), "");
  }

  #resolveAwaited(event: ClusterEvent): void {
    for (const awaited of this.#awaited) {
      if (!awaited.isIt(event)) continue;
      this.#awaited.delete(awaited);
      awaited.resolve(event);
    }
  }
}

function isOfTask({ kind = "" }: ClusterEvent): boolean {
  return kind.startsWith("task.");
}

function verbOf(kind: string): string {
  return kind.slice(kind.indexOf(".") + 1);
}

/** `node-2 lost: it was silent for 3.0 s` */
function eventText({ kind = "", subject = "", message = "" }: ClusterEvent): string {
  return `${printable(subject)} ${verbOf(kind)}${message === "" ? "" : `: ${printable(message)}`}`;
}
