/**
 * Who leads: standby → candidate → leader → standby.
 *
 * A standby follows the log and looks at the lease. It tries to acquire when the lease is gone, when the holder says that it
 * resigned, or when the holder's process is known to be dead; the last two need not wait for the lease to expire, because
 * every commit compares the epoch. Acquired, it reads the log up to exactly the position that the store named, and leads.
 */

import type { Clock } from "@holdfast/shared/clock.ts";
import type { Observation } from "../core/observation.ts";
import type { Settings } from "../core/settings.ts";
import type { AcquireResult, Store, Lease as StoredLease } from "../store/store.ts";
import { StoreUnavailable } from "../store/store.ts";
import { nextEpoch } from "./epoch.ts";
import { Leader } from "./leader.ts";
import { Lease } from "./lease.ts";
import type { Log, LogMemory, Onlooker, Outlet, Randomness } from "./ports.ts";
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
  readonly beginAnew: boolean;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly outlet: Outlet;
  readonly onlooker?: Pick<Onlooker, "decided"> | undefined;
  readonly log: Log;
  /** The leadership was given up in order: whoever listens should take it. */
  readonly resigned: (epoch: number) => void;
  /** The leadership is over, in order or not. */
  readonly ended: () => void;
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
  #takeOverEpoch: number | null = null;
  #holdOffUntilMs = 0;
  #emptyTold = false;
  readonly #outage: StoreOutage;
  /** Rejects when following the log, which goes on in the background, failed for no foreseen reason. */
  readonly #followFailure = Promise.withResolvers<never>();

  constructor(parts: LeadershipParts) {
    this.#parts = parts;
    this.#followFailure.promise.catch(() => {});
    this.#outage = new StoreOutage(parts.log, () => parts.clock.now().steadyMs);
  }

  /** The leadership of this coordinator, as long as its lease holds. */
  get leader(): Leader | null {
    const leads = this.#leader !== null && !this.#leader.ended && this.#lease?.holds(this.#parts.clock.now()) === true;
    return leads ? this.#leader : null;
  }

  /** The lease as it was last seen in the store; null when nobody leads. */
  get holder(): StoredLease | null {
    return this.#known;
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
        this.#outage.failed(error.message);
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
      while (!ended) {
        try {
          await replica.follow(followWaitMs);
          this.#outage.answered();
          if (replica.lineage === "") await clock.sleep(leaseLookMs, this.#stopping.signal);
        } catch (error) {
          if (!(error instanceof StoreUnavailable)) throw error;
          this.#outage.failed(error.message);
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
    const { store, clock, candidate, timing, memory, replica, randomness, beginAnew } = this.#parts;
    const takeOverEpoch = this.#takeOverEpoch;
    this.#takeOverEpoch = null;
    this.#known = await store.readLease();
    if (this.#known !== null) memory.met(this.#known.epoch);
    // Whoever has only followed a log belongs to it as well, and must not begin another when it is gone.
    if (replica.lineage !== "") memory.met(memory.highestEpoch, replica.lineage);
    const now = clock.now();
    const mayTake = this.#known === null || this.#known.epoch === takeOverEpoch;
    if (!mayTake || !replica.loaded || now.steadyMs < this.#holdOffUntilMs) return null;
    const epoch = nextEpoch(memory.highestEpoch, now.wallMs, candidate.number);
    const mayBegin = beginAnew || memory.lineage === "";
    const lineageToBegin = mayBegin ? randomness.lineage() : null;
    const result = await store.acquire({
      coordinatorId: candidate.id,
      address: candidate.address,
      epoch,
      ttlMs: timing.leaseTtlMs,
      takeOverEpoch,
      lineageToBegin,
    });
    return this.#afterAcquire(result, epoch, now.steadyMs);
  }

  #afterAcquire(result: AcquireResult, epoch: number, sentAtMs: number): Acquired | null {
    const { memory, log, candidate } = this.#parts;
    switch (result.kind) {
      case "acquired":
        memory.met(epoch, result.lineage);
        this.#known = { epoch, holderId: candidate.id, holderAddress: candidate.address };
        return { ...result, epoch, sentAtMs };
      case "held":
        this.#known = result.lease;
        return null;
      case "epochTooLow":
        memory.met(result.highestEpoch);
        return null;
      case "empty":
        if (!this.#emptyTold) {
          const message =
            "the store is empty, but this coordinator belongs to a log; start with beginAnew to give that up";
          log.error({ lineage: memory.lineage }, message);
        }
        this.#emptyTold = true;
        return null;
    }
  }

  async #lead(acquired: Acquired): Promise<void> {
    const { replica, store, timing, candidate, log, clock } = this.#parts;
    const lease = new Lease(acquired.epoch, timing.stepDownMs, acquired.sentAtMs);
    await this.#catchUp(acquired);
    const leader = new Leader({ ...this.#parts, lease });
    this.#leader = leader;
    this.#lease = lease;
    log.info({ epoch: acquired.epoch, position: replica.position }, "leading");
    leader.post({ kind: "elected", epoch: acquired.epoch, leaderId: candidate.id });
    const duties = new AbortController();
    const renewing = this.#renew(leader, lease, duties.signal);
    const ticking = this.#tick(leader, lease, duties.signal);
    if (this.#stopping.signal.aborted) leader.end("this coordinator stops");
    const reason = await leader.run();
    this.#leader = null;
    this.#lease = null;
    this.#parts.ended();
    duties.abort();
    await Promise.all([renewing, ticking]);
    log.warn({ epoch: acquired.epoch, reason }, "leading no more");
    this.#holdOffUntilMs = clock.now().steadyMs + holdOffMs;
    this.#known = null;
    if (await store.release(acquired.epoch)) this.#parts.resigned(acquired.epoch);
  }

  /** Brings the copy to exactly the position at which the lease was acquired; nobody else can have moved it since. */
  async #catchUp(acquired: Acquired): Promise<void> {
    const { replica, store } = this.#parts;
    if (replica.lineage !== acquired.lineage) await replica.load();
    while (replica.position.sequence < acquired.position.sequence) await replica.follow(0);
    const { epoch, sequence } = replica.position;
    if (epoch === acquired.position.epoch && sequence === acquired.position.sequence) return;
    await store.release(acquired.epoch);
    throw new StoreUnavailable(`the log ends at ${sequence}, the lease was acquired at ${acquired.position.sequence}`);
  }

  async #renew(leader: Leader, lease: Lease, signal: AbortSignal): Promise<void> {
    const { store, timing, clock } = this.#parts;
    while (!signal.aborted) {
      await clock.sleep(timing.leaseRenewMs, signal);
      if (signal.aborted) return;
      const now = clock.now();
      if (!lease.holds(now)) return leader.end("the lease ran out");
      try {
        if (!(await store.renew(lease.epoch, timing.leaseTtlMs))) return leader.end("the lease was taken over");
        lease.renewed(now.steadyMs);
        this.#outage.answered();
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        this.#outage.failed(error.message);
      }
    }
  }

  async #tick(leader: Leader, lease: Lease, signal: AbortSignal): Promise<void> {
    const { store, timing, clock } = this.#parts;
    for (let ticks = 1; !signal.aborted; ticks += 1) {
      await clock.sleep(timing.tickIntervalMs, signal);
      if (signal.aborted) return;
      leader.post({ kind: "tick" });
      if (ticks % trimEveryTicks !== 0) continue;
      try {
        await store.trimLog(lease.epoch, timing.logEntriesKept);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        this.#outage.failed(error.message);
      }
    }
  }
}

interface Acquired {
  readonly epoch: number;
  readonly sentAtMs: number;
  readonly lineage: string;
  readonly position: { readonly epoch: number; readonly sequence: number };
}
