/** What a BullMQ worker's process is told at its start, and says. */

export const queueName = "bench";

export interface WorkerSettings {
  readonly socketPath: string;
  readonly job: "noop" | "spawn";
  /** Jobs at a time. */
  readonly concurrency: number;
}

export type FromWorker = { readonly kind: "ready" } | { readonly kind: "completed"; readonly jobs: number };
