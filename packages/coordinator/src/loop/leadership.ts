/**
 * Who leads: standby → candidate → leader → standby.
 *
 * A standby follows the log and looks at the lease. It tries to acquire when the lease is gone, when the holder says that it
 * resigned, or when the holder's process is known to be dead; the last two need not wait for the lease to expire, because
 * every commit compares the epoch. Acquired, it reads the log up to exactly the position that the store named, and leads.
 */

import type { Clock } from "@holdfast/shared/clock.ts";
import type { Now } from "../core/event.ts";
import type { Observation } from "../core/observation.ts";
import type { Settings } from "../core/settings.ts";
import type { AcquireResult, Position, Store, Lease as StoredLease } from "../store/store.ts";
import { isAt, StoreUnavailable } from "../store/store.ts";
import { mayBeginLog, type Reluctance } from "./beginning.ts";
import { nextEpoch } from "./epoch.ts";
import { type Journal, JournalUnavailable } from "./journal.ts";
import { Leader } from "./leader.ts";
import { Lease } from "./lease.ts";
import { OrphanMerging } from "./orphan-merging.ts";
import type { CommitWatch, Durability, Log, LogMemory, Onlooker, Outlet, Randomness } from "./ports.ts";
import type { Replica } from "./replica.ts";
import { StoreOutage } from "./store-outage.ts";

export interface Timing {
  readonly leaseTtlMs: number;
  readonly leaseRenewMs: number;
  readonly stepDownMs: number;
  readonly tickIntervalMs: number;
  readonly logEntriesKept: number;
}

export interface Candidate {
  readonly id: string;
  readonly number: number;
  readonly address: string;
}

export interface LeadershipParts {
  readonly candidate: Candidate;
  readonly timing: Timing;
  readonly replica: Replica;
  readonly observation: Observation;
  readonly settings: Settings;
  readonly store: Store;
  readonly memory: LogMemory;
  readonly journal: Journal;
  readonly durability: Durability;
  readonly beginAnew: boolean;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly outlet: Outlet;
  readonly onlooker?: Pick<Onlooker, "decided"> | undefined;
  readonly watchCommits?: CommitWatch | undefined;
  readonly log: Log;
  /** The leadership was given up in order: whoever listens should take it. */
  readonly resigned: (epoch: number) => void;
  /** The leadership is over, in order or not. */
  readonly ended: () => void;
  /** An orphan that another coordinator has handed over is durable in the log. */
  readonly merged: (origin: string, orphanId: string) => void;
}

const followWaitMs = 500;
const leaseLookMs = 100;
/** After giving up leadership, others go first. */
const holdOffMs = 1_000;
const storeRetryMs = 200;
const trimEveryTicks = 50;

export class Leadership {
  readonly #parts: LeadershipParts;
  readonly #stopping = new AbortController();
  /** Aborts the waits of a standby, so that it looks at the lease at once. */
  #nudge = new AbortController();
  #leader: Leader | null = null;
  #lease: Lease | null = null;
  #known: StoredLease | null = null;
  #knownSeenMs = Number.NEGATIVE_INFINITY;
  #takeOverEpoch: number | null = null;
  #holdOffUntilMs = 0;
  /** Why this coordinator does not lead although nobody does, as it was told last. */
  #reluctance = "";
  readonly orphans: OrphanMerging;
  readonly #outage: StoreOutage;
  /** Rejects when following the log, which goes on in the background, failed for no foreseen reason. */
  readonly #followFailure = Promise.withResolvers<never>();

  constructor(parts: LeadershipParts) {
    this.#parts = parts;
    this.#followFailure.promise.catch(() => {});
    this.orphans = new OrphanMerging({ ...parts, coordinatorId: parts.candidate.id });
    this.#outage = new StoreOutage(parts.log, () => parts.clock.now().steadyMs);
  }

  /** The leadership of this coordinator, as long as its lease holds. */
  get leader(): Leader | null {
    const leads = this.#leader !== null && !this.#leader.ended && this.#lease?.holds(this.#parts.clock.now()) === true;
    return leads ? this.#leader : null;
  }

  /**
   * Runs `query` on committed state: during a commit, when that has ended. A leader whose lease has run out before its commit
   * was answered is still one here: until it has undone the batch, the copy holds what nobody may see.
   */
  async read<Result>(query: () => Result): Promise<Result> {
    return this.#leader === null ? query() : this.#leader.read(query);
  }

  /** The lease as it was last seen in the store; null when nobody leads. */
  get holder(): StoredLease | null {
    return this.#known;
  }

  /** When a lease of somebody was last seen in the store, on the steady clock; -Infinity: never. */
  get holderSeenMs(): number {
    return this.#knownSeenMs;
  }

  /** Since the last good renewal was sent; null while this coordinator does not lead. */
  leaseAgeMs(now: Now): number | null {
    return this.leader === null ? null : (this.#lease?.ageMs(now) ?? null);
  }

  /** The last read and the last write that were tried were answered. */
  get storeAnswers(): boolean {
    return this.#outage.isOver;
  }

  /** Runs until `stop`. Rejects when something unforeseen happened. */
  run(): Promise<void> {
    return Promise.race([this.#alternate(), this.#followFailure.promise]);
  }

  async #alternate(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        const acquired = await this.#standBy();
        if (acquired !== null) await this.#lead(acquired);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        this.#outage.failed("read", error.message);
        await this.#parts.clock.sleep(storeRetryMs, this.#stopping.signal);
      }
    }
  }

  /** Ends the leadership, releases the lease, and stops standing for it. */
  stop(): void {
    this.#stopping.abort();
    this.#nudge.abort();
    this.#leader?.end("this coordinator stops");
  }

  stepDown(reason: string): void {
    this.#leader?.end(reason);
  }

  /** The process that held `epoch` is dead, or has resigned. */
  holderGone(holderId: string): void {
    if (this.#known === null || this.#known.holderId !== holderId) return;
    this.#takeOverEpoch = this.#known.epoch;
    this.#nudge.abort();
  }

  metEpoch(epoch: number): void {
    this.#parts.memory.met(epoch);
    this.#leader?.post({ kind: "higherEpochMet", epoch });
  }

  async #standBy(): Promise<Acquired | null> {
    const following = this.#follow();
    try {
      for (;;) {
        if (this.#stopping.signal.aborted) return null;
        const acquired = await this.#tryToAcquire();
        if (acquired !== null) return acquired;
        await this.#parts.clock.sleep(leaseLookMs, this.#nudge.signal);
        if (this.#nudge.signal.aborted) this.#nudge = new AbortController();
      }
    } finally {
      this.#parts.replica.takeOver();
      following.end();
    }
  }

  /** Keeps the copy up to date in the background. */
  #follow(): { end: () => void } {
    const { replica, clock } = this.#parts;
    let ended = false;
    const run = async () => {
      // Once it stops, no pause between two tries lasts.
      while (!ended && !this.#stopping.signal.aborted) {
        try {
          await replica.follow(followWaitMs);
          this.#outage.answered("read");
          if (replica.lineage === "" || replica.storeIsEmpty) await clock.sleep(leaseLookMs, this.#stopping.signal);
        } catch (error) {
          if (!(error instanceof StoreUnavailable)) throw error;
          // A leader reads nothing more that could take this back.
          if (ended) return;
          this.#outage.failed("read", error.message);
          await clock.sleep(storeRetryMs, this.#stopping.signal);
        }
      }
    };
    run().catch((error: unknown) => this.#followFailure.reject(error));
    return {
      end: () => {
        ended = true;
      },
    };
  }

  async #tryToAcquire(): Promise<Acquired | null> {
    const { store, clock, candidate, timing, memory, replica, randomness } = this.#parts;
    const takeOverEpoch = this.#takeOverEpoch;
    this.#takeOverEpoch = null;
    const askedAtMs = clock.now().steadyMs;
    this.#known = await store.readLease();
    if (this.#known !== null) {
      this.#knownSeenMs = askedAtMs;
      memory.met(this.#known.epoch);
      // Somebody's writes are taken.
      this.#outage.answered("write");
    }
    // Whoever has only followed a log belongs to it as well, and must not begin another when it is gone.
    if (replica.lineage !== "") memory.met(memory.highestEpoch, replica.lineage);
    const now = clock.now();
    const mayTake = this.#known === null || this.#known.epoch === takeOverEpoch;
    if (!mayTake || !replica.loaded || now.steadyMs < this.#holdOffUntilMs) return null;
    if (!(await this.#canKeepSafe())) return null;
    const metEpoch = memory.highestEpoch;
    const epoch = nextEpoch(metEpoch, now.wallMs, candidate.number);
    const reluctance = mayBeginLog(this.#parts, now);
    const lineageToBegin = reluctance === null ? randomness.lineage() : null;
    const result = await this.#writing(() =>
      store.acquire({
        coordinatorId: candidate.id,
        address: candidate.address,
        epoch,
        ttlMs: timing.leaseTtlMs,
        takeOverEpoch,
        lineageToBegin,
      }),
    );
    if (result === null) return null;
    if (result.kind === "empty" && reluctance !== null) this.#tellReluctance(reluctance);
    return this.#afterAcquire(result, { epoch, metEpoch, sentAtMs: now.steadyMs });
  }

  /** Null: no answer, or a refusal to write. */
  async #writing<Result>(act: () => Promise<Result>): Promise<Result | null> {
    try {
      const result = await act();
      this.#outage.answered("write");
      return result;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.#outage.failed("write", error.message);
      return null;
    }
  }

  /** Nobody should lead who could not acknowledge anything. */
  async #canKeepSafe(): Promise<boolean> {
    const { durability, journal } = this.#parts;
    if (durability !== "journal") return true;
    try {
      await journal.flush();
      return true;
    } catch (error) {
      if (!(error instanceof JournalUnavailable)) throw error;
      this.#tellReluctance({ reason: `${error.message}, and durability asks for it`, passes: false });
      return false;
    }
  }

  #tellReluctance({ reason, passes }: Reluctance): void {
    if (passes || reason === this.#reluctance) return;
    this.#reluctance = reason;
    this.#parts.log.error({ lineage: this.#parts.memory.lineage }, reason);
  }

  #afterAcquire(result: AcquireResult, attempted: Attempted): Acquired | null {
    const { memory, candidate } = this.#parts;
    const { epoch } = attempted;
    switch (result.kind) {
      case "acquired":
        memory.met(epoch, result.lineage);
        this.#reluctance = "";
        this.#known = { epoch, holderId: candidate.id, holderAddress: candidate.address };
        return { ...result, ...attempted };
      case "held":
        this.#known = result.lease;
        return null;
      case "epochTooLow":
        memory.met(result.highestEpoch);
        return null;
      case "empty":
        return null;
    }
  }

  async #lead(acquired: Acquired): Promise<void> {
    const { replica, store, timing, candidate, log, clock, durability, journal } = this.#parts;
    const lease = new Lease(acquired.epoch, timing.stepDownMs, acquired.sentAtMs);
    await this.#catchUp(acquired);
    this.#outage.answered("read");
    const beforeTelling = durability === "journal" ? () => journal.flush() : null;
    const leader = new Leader({ ...this.#parts, lease, beforeTelling });
    this.#leader = leader;
    this.#lease = lease;
    log.info({ epoch: acquired.epoch, position: replica.position }, "leading");
    const { epoch, serverId, metEpoch } = acquired;
    const firstSequence = replica.position.sequence + 1;
    const ownOrphans = this.orphans.own.length;
    leader.post({
      kind: "elected",
      election: { epoch, leaderId: candidate.id, firstSequence, serverId, metEpoch, ownOrphans },
    });
    const merging = this.orphans.mergeOwn(leader);
    const duties = new AbortController();
    const renewing = this.#renew(leader, lease, duties.signal);
    const ticking = this.#tick(leader, lease, duties.signal);
    if (this.#stopping.signal.aborted) leader.end("this coordinator stops");
    const reason = await leader.run();
    this.#leader = null;
    this.#lease = null;
    this.#parts.ended();
    duties.abort();
    await Promise.all([renewing, ticking, merging]);
    log.warn({ epoch: acquired.epoch, reason }, "leading no more");
    this.#holdOffUntilMs = clock.now().steadyMs + holdOffMs;
    this.#known = null;
    if (await store.release(acquired.epoch)) this.#parts.resigned(acquired.epoch);
  }

  /** Brings the copy to exactly the position at which the lease was acquired; nobody else can have moved it since. */
  async #catchUp(acquired: Acquired): Promise<void> {
    const { replica, store } = this.#parts;
    if (replica.lineage !== acquired.lineage) await replica.load();
    let reached = -1;
    while (replica.position.sequence < acquired.position.sequence && replica.position.sequence > reached) {
      reached = replica.position.sequence;
      await replica.follow(0);
    }
    // Beyond it, beside it, or not so far: the store has lost what this copy holds, or what it had then.
    if (!isAt(replica.position, acquired.position)) await replica.load();
    if (isAt(replica.position, acquired.position)) return;
    await store.release(acquired.epoch);
    const ends = `the log ends at ${replica.position.sequence}`;
    throw new StoreUnavailable(`${ends}, the lease was acquired at ${acquired.position.sequence}`);
  }

  async #renew(leader: Leader, lease: Lease, signal: AbortSignal): Promise<void> {
    const { store, timing, clock } = this.#parts;
    let dueMs = clock.now().steadyMs + timing.leaseRenewMs;
    while (!signal.aborted) {
      await clock.sleep(Math.max(0, dueMs - clock.now().steadyMs), signal);
      if (signal.aborted) return;
      const now = clock.now();
      // From the sending, so that one that gets no answer leaves time for another.
      dueMs = now.steadyMs + timing.leaseRenewMs;
      if (!lease.holds(now)) return leader.end("the lease ran out");
      const renewed = await this.#writing(() => store.renew(lease.epoch, timing.leaseTtlMs));
      if (renewed === false) return leader.end("the lease was taken over");
      if (renewed === true) lease.renewed(now.steadyMs);
    }
  }

  async #tick(leader: Leader, lease: Lease, signal: AbortSignal): Promise<void> {
    const { store, timing, clock } = this.#parts;
    for (let ticks = 1; !signal.aborted; ticks += 1) {
      await clock.sleep(timing.tickIntervalMs, signal);
      if (signal.aborted) return;
      leader.post({ kind: "tick" });
      if (ticks % trimEveryTicks === 0) await this.#writing(() => store.trimLog(lease.epoch, timing.logEntriesKept));
    }
  }
}

interface Attempted {
  readonly epoch: number;
  /** The highest that was known before. */
  readonly metEpoch: number;
  readonly sentAtMs: number;
}

interface Acquired extends Attempted {
  readonly lineage: string;
  readonly position: Position;
  readonly serverId: string;
}
