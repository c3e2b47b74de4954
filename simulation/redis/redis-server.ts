/**
 * One Redis process: the memory store's database behind a queue of commands, with what can be wrong with it. It keeps time by
 * its machine's wall clock, as Redis does, and executes one command after the other.
 */
import type { MemoryDatabase } from "@holdfast/coordinator/store/memory/memory-database.ts";
import { StoreFull, StoreUnavailable } from "@holdfast/coordinator/store/store.ts";
import type { Machine } from "../machine/machine.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import type { WorldTime } from "../time/world-time.ts";

/** "grows": writes that need memory; "writes": those that a full Redis takes, too. */
export type CommandKind = "reads" | "writes" | "grows";

export type Command = (database: MemoryDatabase, nowMs: number) => unknown;

export type Reply = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: Error };

export class RedisServer {
  /** Redis' run_id: of this process alone. */
  readonly serverId: string;
  readonly machine: Machine;
  readonly process: SimulatedProcess;
  database: MemoryDatabase;
  isFull = false;
  /** How long each command takes; others wait meanwhile. */
  commandMs = 0;
  /** Not "": writes are refused, and why, in Redis' own words. */
  refusesWrites = "";
  readonly #time: WorldTime;
  #busyUntilMs = 0;
  /** Reads of the log that wait: told after each commit. */
  readonly #waiters = new Set<() => void>();

  constructor(serverId: string, machine: Machine, time: WorldTime, database: MemoryDatabase) {
    this.serverId = serverId;
    this.machine = machine;
    this.process = machine.start(`redis ${serverId}`);
    this.database = database;
    database.serverId = serverId;
    this.#time = time;
  }

  /** Calls `reply` when the command has been executed, unless the process dies before that. */
  execute(kind: CommandKind, command: Command, reply: (reply: Reply) => void): void {
    if (this.commandMs === 0 && this.#busyUntilMs <= this.#time.nowMs) return reply(this.#answer(kind, command));
    this.#busyUntilMs = Math.max(this.#busyUntilMs, this.#time.nowMs) + this.commandMs;
    this.#time.at(this.#busyUntilMs, () => this.process.run(() => reply(this.#answer(kind, command))));
  }

  /** Calls `wake` once, with the next commit. */
  onNextCommit(wake: () => void): () => void {
    this.#waiters.add(wake);
    return () => this.#waiters.delete(wake);
  }

  wakeWaiters(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const wake of waiters) wake();
  }

  nowMs(): number {
    return this.machine.clock.now().wallMs;
  }

  #answer(kind: CommandKind, command: Command): Reply {
    if (kind !== "reads" && this.refusesWrites !== "") {
      return { ok: false, error: new StoreUnavailable(`it cannot serve (${this.refusesWrites})`) };
    }
    if (kind === "grows" && this.isFull) return { ok: false, error: new StoreFull("it is out of memory") };
    try {
      return { ok: true, value: command(this.database, this.nowMs()) };
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }
}
