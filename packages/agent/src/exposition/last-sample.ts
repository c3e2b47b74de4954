/** What was measured last of this node. Coordinators set the pace; where none does, whoever asks has it measured anew. */
import { performance } from "node:perf_hooks";
import type { NodeMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";

const staleAfterMs = 15_000;

export class LastSample {
  readonly #measure: () => Promise<NodeMetrics>;
  #metrics: NodeMetrics | null = null;
  #takenMs = Number.NEGATIVE_INFINITY;

  constructor(measure: () => Promise<NodeMetrics>) {
    this.#measure = measure;
  }

  /** Null before the first. */
  get metrics(): NodeMetrics | null {
    return this.#metrics;
  }

  async take(): Promise<NodeMetrics> {
    const metrics = await this.#measure();
    this.#metrics = metrics;
    this.#takenMs = performance.now();
    return metrics;
  }

  /** Takes one when the last is too old to tell of the present. */
  async refresh(): Promise<void> {
    if (performance.now() - this.#takenMs > staleAfterMs) await this.take();
  }
}
