/**
 * Makes the core's records durable. What must be on disk before anything is done with it is tried until it is: an agent
 * whose disk takes nothing obeys nothing and falls silent, so that the leader gives its tasks to others.
 */
import type { Log } from "@holdfast/shared/log.ts";
import type { AgentRecord } from "../core/record.ts";
import { readHighestEpoch, writeHighestEpoch } from "./agent-state-file.ts";
import type { AttemptHost } from "./attempt-host.ts";
import type { AgentMemory } from "./host.ts";

const retryMs = 1_000;

export class RecordWriter implements AgentMemory {
  readonly #dataDir: string;
  readonly #host: AttemptHost;
  readonly #log: Log;

  constructor(dataDir: string, host: AttemptHost, log: Log) {
    this.#dataDir = dataDir;
    this.#host = host;
    this.#log = log;
  }

  /** @throws HoldfastError (failedPrecondition) when the file that remembers it is damaged */
  highestEpoch(): Promise<number> {
    return readHighestEpoch(this.#dataDir);
  }

  async write(records: readonly AgentRecord[]): Promise<void> {
    // Epochs only rise: of several the last one says it all.
    const epoch = records.findLast((record) => record.kind === "highestEpoch");
    if (epoch?.kind === "highestEpoch") await this.#surely(() => writeHighestEpoch(this.#dataDir, epoch.epoch));
    for (const record of records) {
      if (record.kind === "acknowledged") this.#host.acknowledged(record.id);
      else if (record.kind === "decided") await this.#surely(() => this.#host.decided(record.id, record.end));
    }
  }

  async #surely(write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        this.#log.error(
          { err: error, dataDir: this.#dataDir },
          "cannot write to the data folder; obeying nothing until it works",
        );
        await new Promise((resolve) => {
          setTimeout(resolve, retryMs);
        });
      }
    }
  }
}
