/**
 * The servers of one Redis with its sentinels: who is primary, and for whom. Usually there is one. After a promotion the old
 * primary may go on for a while, for those that are cut off together with it.
 */
import type { MemoryDatabase } from "@holdfast/coordinator/store/memory/memory-database.ts";
import type { History } from "../history.ts";
import type { Machine } from "../machine/machine.ts";
import type { WorldTime } from "../time/world-time.ts";
import { RedisServer } from "./redis-server.ts";

export class RedisDeployment {
  /** For how long a primary without replicas goes on to take writes. */
  readonly overlapMs: number;
  readonly #time: WorldTime;
  readonly #history: History;
  readonly #machines: readonly Machine[];
  #servers = 0;
  #primary: RedisServer;
  #lagging: RedisServer | null = null;
  #old: { readonly server: RedisServer; readonly reachedBy: ReadonlySet<string> } | null = null;

  /** @param machines one after the other gets the primary */
  constructor(
    time: WorldTime,
    history: History,
    machines: readonly Machine[],
    database: MemoryDatabase,
    overlapMs: number,
  ) {
    this.overlapMs = overlapMs;
    this.#time = time;
    this.#history = history;
    this.#machines = machines;
    this.#primary = this.#start(database);
  }

  get primary(): RedisServer {
    return this.#primary;
  }

  get hasReplicas(): boolean {
    return this.#machines.length > 1;
  }

  /** Whom a coordinator finds when it connects now. */
  serverFor(coordinatorId: string): RedisServer {
    const old = this.#old;
    return old?.reachedBy.has(coordinatorId) === true ? old.server : this.#primary;
  }

  /** How many replicas have what this server has written. */
  replicasOf(server: RedisServer): number {
    return server === this.#primary && server !== this.#lagging ? this.#machines.length - 1 : 0;
  }

  /** From now on its replicas fall behind, until one of them takes over or they catch up. */
  fallBehind(): void {
    this.#lagging = this.#primary;
  }

  catchUp(): void {
    this.#lagging = null;
  }

  /** The process has died, and another one begins with what was on disk. */
  restart(database: MemoryDatabase): void {
    this.#primary.process.die("killed");
    this.#become(database, this.#primary.machine);
  }

  /**
   * A replica takes over with what it has. The old primary goes on for `reachedBy`; with nobody it is demoted at once, so
   * that connections to it find out with their next write.
   */
  promote(database: MemoryDatabase, reachedBy: readonly string[]): void {
    this.endSplit();
    const server = this.#primary;
    this.#become(database, this.#next(server.machine));
    this.#old = { server, reachedBy: new Set(reachedBy) };
    if (reachedBy.length === 0) this.endSplit();
  }

  /** Without replicas for too long, the old primary takes no more writes. */
  closeOldPrimary(server: RedisServer): void {
    if (this.#old?.server === server) server.refusesWrites = "NOREPLICAS Not enough good replicas to write.";
  }

  /** The old primary becomes a replica. */
  endSplit(server = this.#old?.server): void {
    if (this.#old === null || this.#old.server !== server) return;
    this.#old = null;
    server.refusesWrites = "READONLY You can't write against a read only replica.";
    server.process.die("exited");
  }

  #become(database: MemoryDatabase, machine: Machine): void {
    this.#primary = this.#start(database, machine);
    const head = database.head();
    const { serverId } = this.#primary;
    this.#history.record({
      kind: "storeLost",
      serverId,
      lineage: head?.lineage ?? "",
      position: head?.position ?? null,
    });
    this.#history.record({ kind: "primaryChanged", serverId });
  }

  #next(machine: Machine): Machine {
    const at = this.#machines.indexOf(machine);
    return this.#machines[(at + 1) % this.#machines.length] ?? machine;
  }

  #start(database: MemoryDatabase, machine = this.#machines[0] as Machine): RedisServer {
    this.#servers += 1;
    return new RedisServer(`redis-${this.#servers}`, machine, this.#time, database);
  }
}
