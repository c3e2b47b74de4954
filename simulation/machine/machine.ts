/**
 * A machine: its clocks, its disk and its processes. It can lose power (processes die without a word, the disk loses what
 * was not synced), boot again, be reached or not (network.ts), and sleep.
 */
import type { WorldTime } from "../time/world-time.ts";
import type { HostMachine } from "./host-machine.ts";
import { type ClockError, MachineClock } from "./machine-clock.ts";
import { SimulatedDisk } from "./simulated-disk.ts";
import { SimulatedProcess } from "./simulated-process.ts";

export class Machine implements HostMachine {
  readonly name: string;
  readonly clock: MachineClock;
  readonly disk = new SimulatedDisk();
  sleptMs = 0;
  isUp = true;
  readonly #time: WorldTime;
  #boots = 1;
  #asleepSinceMs: number | null = null;
  #processes: SimulatedProcess[] = [];

  constructor(name: string, time: WorldTime, clockError: ClockError, upForMs: number) {
    this.name = name;
    this.#time = time;
    this.clock = new MachineClock(time, clockError, upForMs);
  }

  get bootId(): string {
    return `${this.name}-boot-${this.#boots}`;
  }

  start(name: string): SimulatedProcess {
    this.#processes = this.#processes.filter((process) => !process.isDead);
    const process = new SimulatedProcess(this, name, this.#time);
    this.#processes.push(process);
    return process;
  }

  /** Everything on it stops, and its steady clock runs on. */
  sleep(): void {
    if (!this.isUp || this.#asleepSinceMs !== null) return;
    this.#asleepSinceMs = this.clock.now().steadyMs;
    for (const process of this.#processes) process.stop();
  }

  wake(): void {
    if (this.#asleepSinceMs === null) return;
    this.sleptMs += this.clock.now().steadyMs - this.#asleepSinceMs;
    this.#asleepSinceMs = null;
    for (const process of this.#processes) process.goOn();
  }

  get isAsleep(): boolean {
    return this.#asleepSinceMs !== null;
  }

  /** @param isWritten see `SimulatedDisk.loseUnsynced` */
  powerOff(isWritten: () => boolean): void {
    this.isUp = false;
    this.#asleepSinceMs = null;
    for (const process of this.#processes.splice(0)) process.die("machineDown");
    this.disk.loseUnsynced(isWritten);
  }

  /** Up again, with nothing running: whoever starts processes there does so now. */
  boot(): void {
    this.isUp = true;
    this.#boots += 1;
    this.clock.rebooted();
  }
}
