/** Where and when what exclusive tasks assume (clock rates, nothing pauses what enforces a lease) did not hold. */
import type { HistoryEvent } from "../history.ts";
import { entryOf } from "./entry-of.ts";

interface Breach {
  readonly fromMs: number;
  /** Infinity: it lasts. */
  untilMs: number;
}

export class Assumptions {
  readonly #breaches = new Map<string, Breach[]>();

  observe(event: HistoryEvent): void {
    if (event.kind === "assumptionsBroken") {
      const breaches = entryOf(this.#breaches, event.machineId, () => []);
      if (breaches.at(-1)?.untilMs === Number.POSITIVE_INFINITY) return;
      breaches.push({ fromMs: event.atMs, untilMs: Number.POSITIVE_INFINITY });
    } else if (event.kind === "assumptionsHold") {
      const last = this.#breaches.get(event.machineId)?.at(-1);
      if (last !== undefined && last.untilMs === Number.POSITIVE_INFINITY) last.untilMs = event.atMs;
    }
  }

  /** On this machine, at all times from then to then. */
  held(machineId: string, fromMs: number, toMs: number): boolean {
    return !(this.#breaches.get(machineId) ?? []).some((breach) => breach.fromMs <= toMs && breach.untilMs >= fromMs);
  }

  /** On each of these machines. */
  heldOn(machineIds: Iterable<string>, fromMs: number, toMs: number): boolean {
    for (const machineId of machineIds) if (!this.held(machineId, fromMs, toMs)) return false;
    return true;
  }
}
