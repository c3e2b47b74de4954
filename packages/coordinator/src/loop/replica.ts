/**
 * This coordinator's copy of the state. A standby follows the log; a leader changes the copy by its own turns, and leaves it
 * committed when it ends.
 */

import type { Clock } from "@holdfast/shared/clock.ts";
import { type DurableRecord, decodeRecord, encodeRecord } from "../core/record.ts";
import type { History } from "../core/recovery/fork.ts";
import { apply, finishLoading, keepText, State } from "../core/state/state.ts";
import { isAt, type LogEntry, type Position, type Store } from "../store/store.ts";
import type { Journal } from "./journal.ts";
import { setAsideOrphans } from "./orphans.ts";
import type { ChangeSink, Log } from "./ports.ts";

export class Replica {
  readonly #store: Store;
  readonly #clock: Pick<Clock, "now">;
  readonly #changes: ChangeSink;
  readonly #log: Log;
  readonly #agingMs: number;
  readonly #journal: Journal;
  state: State;
  /** Nothing was loaded yet, or there is no log: "". */
  lineage = "";
  position: Position = { epoch: 0, sequence: 0 };
  /** When this copy was last known to be up to date, as Unix time. */
  asOfMs = 0;
  loaded = false;
  /** When it was last looked at. */
  storeIsEmpty = false;
  #toldHistory = "";
  #generation = 0;
  /** The journal is being compared with what was loaded; nothing is appended to it meanwhile. */
  #comparing: Promise<void> = Promise.resolve();

  constructor(
    store: Store,
    clock: Pick<Clock, "now">,
    changes: ChangeSink,
    agingMs: number,
    log: Log,
    journal: Journal,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#changes = changes;
    this.#agingMs = agingMs;
    this.#log = log;
    this.#journal = journal;
    this.state = new State(agingMs);
  }

  /** The log's lineage as revisions name it: another one since the store has lost writes and they were given back. */
  get history(): string {
    const { mendedIn } = this.state.cluster;
    return mendedIn === undefined || this.lineage === "" ? this.lineage : `${this.lineage}--${mendedIn}`;
  }

  /**
   * Loads everything from the store, and sets aside what only the journal has. A store that is empty all at once takes
   * nothing from a copy that was loaded before. @throws StoreUnavailable
   */
  async load(): Promise<void> {
    const generation = this.#generation;
    const state = new State(this.#agingMs);
    const head = await this.#store.load((lines) => {
      for (const line of lines) applyLine(state, line);
    });
    if (generation !== this.#generation) return;
    if (head === null && this.lineage !== "") return this.#tellEmpty();
    finishLoading(state);
    if (head !== null) {
      const history = { end: head.position, leaderships: state.cluster.leaderships ?? [] };
      await this.#compare(generation, head.lineage, history);
      if (generation !== this.#generation) return;
    }
    this.storeIsEmpty = head === null;
    // Asked again and again until somebody begins a log.
    const wasEmpty = this.loaded && this.lineage === "";
    this.state = state;
    this.lineage = head?.lineage ?? "";
    this.#moveTo(head?.position ?? { epoch: 0, sequence: 0 });
    this.#tellReset();
    this.loaded = true;
    if (head === null && wasEmpty) return;
    this.#log.info({ position: this.position, tasks: state.tasks.size, ended: state.ended.size }, "state loaded");
  }

  /**
   * Takes in what the log has after our position, waiting up to `waitMs` for something. Loads anew when the log does not
   * continue ours. @throws StoreUnavailable
   */
  async follow(waitMs: number): Promise<void> {
    const generation = this.#generation;
    await this.#comparing;
    if (!this.loaded || this.lineage === "") {
      await this.load();
      if (this.lineage === "" || generation !== this.#generation) return;
    }
    const askedAtMs = this.#clock.now().wallMs;
    const tail = await this.#store.readLog(this.position.sequence, waitMs);
    if (generation !== this.#generation) return;
    if (tail.kind === "trimmed") return await this.load();
    // Every log begins at the same position: only a load tells whether this one is still ours.
    if (this.position.sequence === 0 && tail.entries.length > 0) return await this.load();
    for (const entry of tail.entries) {
      if (!isAt(entry.previous, this.position)) {
        this.#log.warn({ ours: this.position, theirs: entry.previous }, "the log does not continue ours; loading anew");
        return this.load();
      }
      this.#applyEntry(entry);
    }
    this.asOfMs = Math.max(this.asOfMs, askedAtMs);
  }

  /** The records of a batch were committed and are applied already: the leader's way to move on. */
  committed(position: Position, records: readonly DurableRecord[], lines: readonly string[]): void {
    this.#journal.append(this.lineage, { ...position, previous: this.position, lines });
    this.#moveTo(position);
    if (this.history === this.#toldHistory) this.#changes.publish(position.sequence, records, lines);
    else this.#tellReset();
  }

  /** From now on this copy is changed by the leader's turns: what a read under way still brings is dropped. */
  takeOver(): void {
    this.#generation += 1;
  }

  /** One after the other, and never with what a copy that was given up has loaded. */
  #compare(generation: number, lineage: string, history: History): Promise<void> {
    const earlier = this.#comparing;
    const compare = async () => {
      await earlier;
      if (generation === this.#generation) await setAsideOrphans(this.#journal, lineage, history, this.#log);
    };
    this.#comparing = compare();
    return this.#comparing;
  }

  #tellEmpty(): void {
    if (this.storeIsEmpty) return;
    this.storeIsEmpty = true;
    this.#changes.emptied();
    this.#log.error({ lineage: this.lineage }, "the store has become empty; what was committed before is still told");
  }

  #tellReset(): void {
    this.#toldHistory = this.history;
    this.#changes.reset({ lineage: this.history, sequence: this.position.sequence });
  }

  #applyEntry(entry: LogEntry): void {
    const records = entry.lines.map((line) => applyLine(this.state, line));
    this.committed({ epoch: entry.epoch, sequence: entry.sequence }, records, entry.lines);
  }

  #moveTo(position: Position): void {
    this.position = position;
    this.asOfMs = this.#clock.now().wallMs;
  }
}

/**
 * Makes the record of a line true. A line is a view into all that came with it, which what is kept of it would keep alive:
 * texts are written anew.
 */
function applyLine(state: State, line: string): DurableRecord {
  const decoded = decodeRecord(line);
  const isBody = decoded.kind === "body" && decoded.value !== null;
  const record = isBody ? { ...decoded, value: Buffer.from(decoded.value).toString() } : decoded;
  apply(state, record);
  if (state.ended.has(record.id)) keepText(state, record, encodeRecord(record));
  return record;
}
