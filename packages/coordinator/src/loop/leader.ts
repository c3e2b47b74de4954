/**
 * One leadership: decide what waited → apply → commit → tell.
 *
 * All events that gathered while a commit was under way make the next batch, so at most one commit is in flight and every
 * decision starts from committed state. Effects and answers of a batch leave when its commit was answered with OK. After an
 * unanswered commit nothing is told: the identical batch is sent again until it is answered or the lease runs out.
 */

import type { Clock } from "@holdfast/shared/clock.ts";
import { decide } from "../core/decide.ts";
import type { CoordinatorEffect } from "../core/effect.ts";
import type { CoordinatorEvent } from "../core/event.ts";
import { carriesLease, noteLeaving } from "../core/exclusive/grants.ts";
import type { Observation } from "../core/observation.ts";
import { type DurableRecord, encodeRecord } from "../core/record.ts";
import type { Settings } from "../core/settings.ts";
import { keepText, type State } from "../core/state/state.ts";
import { Turn } from "../core/turn.ts";
import { type Batch, type CommitResult, type Position, type Store, StoreUnavailable } from "../store/store.ts";
import { JournalUnavailable } from "./journal.ts";
import type { Lease } from "./lease.ts";
import type { CommitOutcome, CommitWatch, Log, Onlooker, Outlet, Randomness } from "./ports.ts";
import type { Replica } from "./replica.ts";

/** Bounds of a batch, about 3 ms of Redis; one event may put more, the next then waits for the next batch. */
const recordsPerBatch = 500;
const textBytesPerBatch = 512 * 1024;
const eventsPerBatch = 4_000;
const commitRetryMs = 50;

export interface LeaderParts {
  readonly replica: Replica;
  readonly observation: Observation;
  readonly settings: Settings;
  readonly store: Store;
  readonly lease: Lease;
  readonly clock: Pick<Clock, "now" | "sleep">;
  readonly randomness: Randomness;
  readonly outlet: Outlet;
  /** Makes a committed batch durable in a second place before anything of it is told; null: nothing more is asked for. */
  readonly beforeTelling: (() => Promise<void>) | null;
  readonly onlooker?: Pick<Onlooker, "decided"> | undefined;
  readonly watchCommits?: CommitWatch | undefined;
  readonly log: Log;
}

export class Leader {
  readonly #parts: LeaderParts;
  readonly #events: CoordinatorEvent[] = [];
  #reads: (() => void)[] = [];
  #committing = false;
  #wake: (() => void) | null = null;
  #unfinished = false;
  #endReason = "";

  constructor(parts: LeaderParts) {
    this.#parts = parts;
  }

  get epoch(): number {
    return this.#parts.lease.epoch;
  }

  get ended(): boolean {
    return this.#endReason !== "";
  }

  post(event: CoordinatorEvent): void {
    this.#events.push(event);
    this.#wake?.();
  }

  /** Runs `query` on committed state, as soon as the state is. Rejects nothing; a leadership that ends is committed too. */
  read<Result>(query: (state: State) => Result): Promise<Result> {
    if (!this.#committing) return Promise.resolve(query(this.#parts.replica.state));
    return new Promise((resolve, reject) => {
      this.#reads.push(() => {
        try {
          resolve(query(this.#parts.replica.state));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Ends the leadership after the commit that is under way. */
  end(reason: string): void {
    if (this.#endReason === "") this.#endReason = reason;
    this.#wake?.();
  }

  /** Runs until the leadership ends; the replica's state is then what was committed. @returns why it ended */
  async run(): Promise<string> {
    while (this.#endReason === "") {
      await this.#somethingToDo();
      if (this.#endReason !== "") break;
      await this.#turn();
    }
    return this.#endReason;
  }

  async #turn(): Promise<void> {
    const { replica, observation, settings, lease, clock, randomness } = this.#parts;
    const turn = new Turn(replica.state, observation, settings, lease.epoch, clock.now());
    this.#decideWhatWaited(turn);
    this.#decide(turn, { kind: "place", seed: randomness.seed() });
    const records = turn.records;
    if (!lease.holds(turn.now)) {
      turn.undo();
      return this.end("the lease ran out");
    }
    if (records.length > 0) {
      const previous = replica.position;
      const position = { epoch: lease.epoch, sequence: previous.sequence + 1 };
      const batch: Batch = { ...position, previous, id: randomness.batchId(), lines: records.map(encodeRecord) };
      this.#committing = true;
      const result = await this.#commit(batch);
      if (result?.kind !== "committed") turn.undo();
      else this.#applied(position, records, batch.lines);
      const failure = result?.kind === "committed" ? await this.#keepSafe() : "";
      this.#committing = false;
      this.#answerReads();
      if (failure !== "") return this.end(failure);
      if (result?.kind !== "committed") {
        const by = result === null ? "it was not answered before the lease ran out" : `by epoch ${result.epoch}`;
        return this.end(`a commit was refused: ${by}`);
      }
    }
    this.#release(turn.effects);
    for (const effect of turn.effects) if (effect.kind === "resign") this.end(effect.reason);
    this.#unfinished = turn.unfinished;
  }

  /**
   * No fence covers what a lease of ours lets run, so that this leaves only while our own lease holds: a commit can have
   * taken long.
   */
  #release(decided: readonly CoordinatorEffect[]): void {
    const { replica, observation, lease, clock, outlet } = this.#parts;
    const now = clock.now();
    const effects = lease.holds(now) ? decided : decided.filter((effect) => !carriesLease(effect));
    noteLeaving(observation, effects, now);
    outlet.release(effects, replica.position.sequence);
    if (effects.length < decided.length) this.end("the lease ran out before leases of exclusive tasks could leave");
  }

  #applied(position: Position, records: readonly DurableRecord[], lines: readonly string[]): void {
    const { replica } = this.#parts;
    for (const [index, record] of records.entries()) keepText(replica.state, record, lines[index] as string);
    replica.committed(position, records, lines);
  }

  /** What could not be made as durable as was promised is not told. @returns why; "" when it is safe */
  async #keepSafe(): Promise<string> {
    try {
      await this.#parts.beforeTelling?.();
      return "";
    } catch (error) {
      if (!(error instanceof JournalUnavailable)) throw error;
      return error.message;
    }
  }

  #decideWhatWaited(turn: Turn): void {
    let taken = 0;
    for (const event of this.#events) {
      if (taken === eventsPerBatch || turn.recordCount >= recordsPerBatch) break;
      if (turn.textBytes >= textBytesPerBatch) break;
      this.#decide(turn, event);
      taken += 1;
    }
    this.#events.splice(0, taken);
  }

  #decide(turn: Turn, event: CoordinatorEvent): void {
    this.#parts.onlooker?.decided(event);
    decide(turn, event);
  }

  /** Null: no answer came before the lease ran out, so the batch may or may not have been committed. */
  async #commit(batch: Batch): Promise<CommitResult | null> {
    const { store, lease, clock, log, watchCommits } = this.#parts;
    const sentMs = clock.now().steadyMs;
    const tell = (outcome: CommitOutcome) => watchCommits?.(outcome, clock.now().steadyMs - sentMs);
    for (;;) {
      try {
        const result = await store.commit(batch);
        tell(result.kind);
        return result;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        tell("unanswered");
        log.warn({ sequence: batch.sequence, reason: error.message }, "a commit was not answered; sending it again");
      }
      if (!lease.holds(clock.now())) {
        tell("unknown");
        return null;
      }
      await clock.sleep(commitRetryMs, new AbortController().signal);
    }
  }

  #answerReads(): void {
    const reads = this.#reads;
    this.#reads = [];
    for (const read of reads) read();
  }

  #somethingToDo(): Promise<void> {
    if (this.#unfinished || this.#events.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }
}
