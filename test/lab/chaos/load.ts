/**
 * Clients that submit short tasks at a steady rate, whatever is going on, and note what is acknowledged. What they could
 * not submit while nobody led they make up for as soon as somebody does.
 */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { LabCluster } from "../cluster/lab-cluster.ts";
import type { HistoryFolder } from "../history/history-folder.ts";
import { submissionLine } from "../history/records.ts";
import { type Random, randomFrom } from "./random.ts";

export interface LoadOptions {
  readonly seed: number;
  readonly tasksPerS: number;
  /** How many of a hundred are exclusive. */
  readonly exclusivePercent: number;
  readonly clients: number;
}

const lookMs = 100;
const callMs = 20_000;
/** Of one client at a time: what nobody answers must not pile up. */
const maxUnderWay = 20;
/** How long a submission is repeated after the last was due. */
const patienceMs = 120_000;

export class Load {
  readonly #cluster: LabCluster;
  readonly #history: HistoryFolder;
  readonly #options: LoadOptions;
  #acknowledged = 0;

  constructor(cluster: LabCluster, history: HistoryFolder, options: LoadOptions) {
    this.#cluster = cluster;
    this.#history = history;
    this.#options = options;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Resolves when everything that was due within the time is acknowledged. */
  async run(durationMs: number, signal: AbortSignal): Promise<void> {
    const { clients } = this.#options;
    await Promise.all(Array.from({ length: clients }, (_, index) => this.#runClient(index, durationMs, signal)));
  }

  async #runClient(index: number, durationMs: number, signal: AbortSignal): Promise<void> {
    const { seed, tasksPerS, clients } = this.#options;
    using client = this.#cluster.clientOf();
    const random = randomFrom(seed * clients + index);
    const begunMs = performance.now();
    const endMs = begunMs + durationMs;
    const underWay = new Set<Promise<void>>();
    for (let number = 0; !signal.aborted; ) {
      const elapsedMs = Math.min(performance.now(), endMs) - begunMs;
      const due = Math.floor((elapsedMs / 1_000) * (tasksPerS / clients));
      for (; number < due && underWay.size < maxUnderWay; number += 1) {
        const submitting = this.#submit(client, `c${index}-${number}`, random, endMs + patienceMs, signal);
        underWay.add(submitting);
        // What it fails with is told by the wait at the end.
        submitting.then(
          () => underWay.delete(submitting),
          () => {},
        );
      }
      if (number === due && performance.now() >= endMs) break;
      await sleep(lookMs);
    }
    await Promise.all(underWay);
  }

  /** Again and again under one request id, until it is acknowledged. */
  async #submit(
    client: HoldfastClient,
    request: string,
    random: Random,
    untilMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const exclusive = random.below(100) < this.#options.exclusivePercent;
    // Some exclusive tasks are to outlive their leases when their node is cut off.
    const runMs = exclusive ? random.between(500, 15_000) : random.between(50, 2_000);
    const spec = this.#history.traces.spec({ request, exclusive, runMs });
    while (!signal.aborted) {
      try {
        const { taskId = "" } = await client.tasks.submit({ requestId: request, spec }, { deadlineMs: callMs, signal });
        appendFileSync(this.#history.submissionsFile, submissionLine({ request, taskId, exclusive }));
        this.#acknowledged += 1;
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!isPassing(error) || performance.now() > untilMs) throw error;
        await sleep(lookMs);
      }
    }
  }
}

function isPassing(error: unknown): boolean {
  const passing = ["unavailable", "deadlineExceeded", "resourceExhausted", "cancelled"];
  return error instanceof HoldfastError && passing.includes(error.code);
}
