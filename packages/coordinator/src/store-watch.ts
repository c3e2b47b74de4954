/**
 * What has to be known of the storage besides what is in it: whether it has room for new tasks, and whether its replicas
 * leave exclusive tasks safe. Asked once a second.
 */
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { Heard, WriteKind } from "./core/event.ts";
import type { Log } from "./loop/ports.ts";
import { type OverlapSettings, whyUnbounded } from "./store/replication-bound.ts";
import type { Store, StoreReplication } from "./store/store.ts";

export interface StoreWatchParts {
  readonly store: Pick<Store, "memory" | "replication">;
  readonly settings: OverlapSettings & { readonly submitMemoryFraction: number };
  readonly hear: (heard: Heard) => void;
  readonly log: Pick<Log, "warn">;
}

const makesTasks: ReadonlySet<WriteKind> = new Set(["submit", "submitBatch", "retry"]);

export class StoreWatch {
  readonly #parts: StoreWatchParts;
  #isFull = false;
  #obstacle = "how Redis is replicated is not known yet; try again in a second";

  constructor(parts: StoreWatchParts) {
    this.#parts = parts;
    parts.hear({ kind: "exclusiveObstacle", reason: this.#obstacle });
  }

  /** @throws StoreUnavailable */
  async look(): Promise<void> {
    const { store, settings, log } = this.#parts;
    this.#judge(await store.replication());
    const { usedBytes, limitBytes } = await store.memory();
    const isFull = limitBytes > 0 && usedBytes > limitBytes * settings.submitMemoryFraction;
    if (isFull && !this.#isFull) log.warn({ usedBytes, limitBytes }, "Redis is almost full: no new tasks");
    this.#isFull = isFull;
  }

  /** For what can be left out. */
  get hasRoom(): boolean {
    return !this.#isFull;
  }

  /** @throws HoldfastError (resourceExhausted) when a write of this kind would make tasks, and there is no room for more */
  requireRoom(kind: WriteKind): void {
    if (!this.#isFull || !makesTasks.has(kind)) return;
    const message = "Redis is almost full: tasks that run go on, new ones are not taken; give it more maxmemory";
    throw new HoldfastError("resourceExhausted", message, { retryAfterMs: 5_000 });
  }

  #judge(replication: StoreReplication): void {
    const { settings, hear, log } = this.#parts;
    const obstacle = whyUnbounded(replication, settings) ?? "";
    if (obstacle !== "" && obstacle !== this.#obstacle) {
      log.warn({ replication }, `no exclusive tasks are taken: ${obstacle}`);
    }
    this.#obstacle = obstacle;
    hear({ kind: "exclusiveObstacle", reason: obstacle });
  }
}
