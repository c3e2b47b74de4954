/** Carries a plan of faults out, on time, and heals each when its time is over; what cannot strike is left out. */
import { setTimeout as sleep } from "node:timers/promises";
import type { LabCluster } from "../cluster/lab-cluster.ts";
import { type Struck, strikes } from "./faults.ts";
import type { FaultKind, PlannedFault } from "./plan.ts";
import { Roles } from "./roles.ts";

export class Storm {
  /** How many of each kind have struck. */
  readonly struck: Partial<Record<FaultKind, number>> = {};
  readonly #cluster: LabCluster;
  readonly #say: (line: string) => void;
  readonly #busyHosts = new Set<string>();
  readonly #slowHosts = new Set<string>();
  readonly #lasting = new Set<Promise<void>>();
  readonly #begunMs = performance.now();

  constructor(cluster: LabCluster, say: (line: string) => void) {
    this.#cluster = cluster;
    this.#say = say;
  }

  /** Resolves when the last fault of the plan is healed. @param signal heals all that last and leaves out the rest */
  async rage(plan: readonly PlannedFault[], signal: AbortSignal): Promise<void> {
    using roles = new Roles(this.#cluster, this.#busyHosts, this.#slowHosts);
    for (const fault of plan) {
      await pause(fault.atMs - this.#sinceBeginMs(), signal);
      if (signal.aborted) break;
      const struck = await this.#strike(roles, fault);
      if (struck === null) continue;
      const lasting = this.#last(struck, fault, signal).finally(() => this.#lasting.delete(lasting));
      this.#lasting.add(lasting);
    }
    await Promise.all(this.#lasting);
  }

  async #strike(roles: Roles, fault: PlannedFault): Promise<Struck | null> {
    const struck = await strikes[fault.kind]({ cluster: this.#cluster, roles }, fault);
    if (struck === null) {
      this.#tell(`${fault.kind} has nobody to strike`);
      return null;
    }
    this.#tell(`${fault.kind}: ${struck.target}, for ${fault.lastsMs} ms`);
    this.struck[fault.kind] = (this.struck[fault.kind] ?? 0) + 1;
    if (struck.busyHost !== undefined) this.#busyHosts.add(struck.busyHost.name);
    if (struck.slowHost !== undefined) this.#slowHosts.add(struck.slowHost.name);
    return struck;
  }

  async #last(struck: Struck, { kind, lastsMs }: PlannedFault, signal: AbortSignal): Promise<void> {
    await pause(lastsMs, signal);
    await struck.heal();
    if (struck.busyHost !== undefined) this.#busyHosts.delete(struck.busyHost.name);
    if (struck.slowHost !== undefined) this.#slowHosts.delete(struck.slowHost.name);
    this.#tell(`${kind}: ${struck.target} is healed`);
  }

  #tell(what: string): void {
    this.#say(`${(this.#sinceBeginMs() / 1_000).toFixed(1).padStart(7)} s  ${what}`);
  }

  #sinceBeginMs(): number {
    return performance.now() - this.#begunMs;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {});
}
