/**
 * The output of a task's attempts, one after the other.
 *
 * A stream of output ends when its attempt has ended. It may also just fall silent, when the node is lost that it comes
 * from: once the attempt is known to be over, so much silence ends it here.
 */
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { TaskLogsResponse } from "@holdfast/shared/client/messages.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";

const silenceAfterEndMs = 3_000;

export interface OutputSink {
  output(piece: TaskLogsResponse): Promise<void>;
  outputFailed(attempt: number, error: HoldfastError): void;
}

interface Reading {
  readonly finished: Promise<void>;
  /** The attempt is over: only what is on its way is waited for. */
  hurry(): void;
}

export class AttemptOutput {
  readonly #client: HoldfastClient;
  readonly #taskId: string;
  readonly #sink: OutputSink;
  #newest = 0;
  #reading: Reading = { finished: Promise.resolve(), hurry: () => {} };

  constructor(client: HoldfastClient, taskId: string, sink: OutputSink) {
    this.#client = client;
    this.#taskId = taskId;
    this.#sink = sink;
  }

  /** Begins with an attempt, when the one before has been read. Repeats are ignored. */
  begin(attempt: number): void {
    if (attempt <= this.#newest) return;
    this.#newest = attempt;
    this.#reading.hurry();
    this.#reading = this.#read(attempt, this.#reading.finished);
  }

  /** @returns when all output has been handed over */
  async finish(): Promise<void> {
    this.#reading.hurry();
    await this.#reading.finished;
  }

  #read(attempt: number, before: Promise<void>): Reading {
    const abort = new AbortController();
    let over = false;
    let silence: NodeJS.Timeout | undefined;
    const listen = () => {
      clearTimeout(silence);
      if (over) silence = setTimeout(() => abort.abort(), silenceAfterEndMs);
    };
    const finished = before
      .then(async () => {
        listen();
        const request = { taskId: this.#taskId, attempt, follow: true };
        for await (const piece of this.#client.tasks.logs(request, abort.signal)) {
          await this.#sink.output(piece);
          listen();
        }
      })
      .catch((error: unknown) => {
        if (!(error instanceof HoldfastError)) throw error;
        if (!abort.signal.aborted) this.#sink.outputFailed(attempt, error);
      })
      .finally(() => {
        over = false;
        clearTimeout(silence);
      });
    return {
      finished,
      hurry: () => {
        over = true;
        listen();
      },
    };
  }
}
