/** What a process sees of the machine that it runs on. */
import type { MachineClock } from "./machine-clock.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";

export interface HostMachine {
  readonly name: string;
  readonly clock: MachineClock;
  readonly disk: SimulatedDisk;
  /** Another one after each boot. */
  readonly bootId: string;
  /** For how long it has slept altogether, in its own time. */
  readonly sleptMs: number;
  readonly isUp: boolean;
  readonly isAsleep: boolean;
}
