/**
 * A process on a simulated machine: everything that happens to it goes through `run`, so that it can be stopped (what
 * happens meanwhile waits for it, as in the kernel's buffers) and killed (nothing happens to it any more).
 *
 * It is also the process's Clock: timers count on the machine's clock, fire late when the process was stopped, and do not
 * count the time that the machine slept.
 */
import type { Clock, ClockReading, Timer } from "@holdfast/shared/clock.ts";
import type { Planned, WorldTime } from "../time/world-time.ts";
import type { HostMachine } from "./host-machine.ts";

type State = "running" | "stopped" | "dead";

interface Held {
  readonly timers: (() => void)[];
  readonly arrivals: (() => void)[];
}

export class SimulatedProcess implements Clock {
  readonly machine: HostMachine;
  readonly name: string;
  readonly #time: WorldTime;
  #state: State = "running";
  #held: Held = { timers: [], arrivals: [] };
  readonly #deaths: ((how: "killed" | "machineDown" | "exited") => void)[] = [];

  constructor(machine: HostMachine, name: string, time: WorldTime) {
    this.machine = machine;
    this.name = name;
    this.#time = time;
  }

  get isDead(): boolean {
    return this.#state === "dead";
  }

  get isStopped(): boolean {
    return this.#state === "stopped";
  }

  /** Lets something happen to it: now, when it goes on, or never. */
  run(act: () => void): void {
    if (this.#state === "running") act();
    else if (this.#state === "stopped") this.#held.arrivals.push(act);
  }

  /** As by SIGSTOP. */
  stop(): void {
    if (this.#state === "running") this.#state = "stopped";
  }

  /** As by SIGCONT: what is due comes first, then what has arrived, as in Node's event loop. */
  goOn(): void {
    if (this.#state !== "stopped") return;
    this.#state = "running";
    const { timers, arrivals } = this.#held;
    this.#held = { timers: [], arrivals: [] };
    for (const act of [...timers, ...arrivals]) this.#time.after(0, () => this.run(act));
  }

  /** Its end, whatever the cause. Who asked with `onDeath` is told. */
  die(how: "killed" | "machineDown" | "exited"): void {
    if (this.#state === "dead") return;
    this.#state = "dead";
    this.#held = { timers: [], arrivals: [] };
    for (const tell of this.#deaths.splice(0)) tell(how);
  }

  onDeath(tell: (how: "killed" | "machineDown" | "exited") => void): void {
    this.#deaths.push(tell);
  }

  now(): ClockReading {
    return this.machine.clock.now();
  }

  after(ms: number, act: () => void): Timer {
    const timer = new ProcessTimer(this.#time);
    this.#plan(timer, ms, act);
    return timer;
  }

  every(ms: number, act: () => void): Timer {
    const timer = new ProcessTimer(this.#time);
    const again = () =>
      this.#plan(timer, ms, () => {
        again();
        act();
      });
    again();
    return timer;
  }

  soon(act: () => void): void {
    this.#time.after(0, () => this.run(act));
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      if (signal === undefined) {
        this.after(ms, resolve);
        return;
      }
      const sleepers = sleepersOf(signal);
      const settle = () => {
        sleepers.delete(settle);
        timer.cancel();
        resolve();
      };
      const timer = this.after(ms, settle);
      sleepers.add(settle);
    });
  }

  #plan(timer: ProcessTimer, ms: number, act: () => void): void {
    this.#planAt(timer, this.#time.nowMs + this.machine.clock.inWorldMs(ms), act, this.machine.sleptMs);
  }

  #planAt(timer: ProcessTimer, atMs: number, act: () => void, sleptBeforeMs: number): void {
    const due = () => {
      if (timer.isCancelled || this.#state === "dead") return;
      if (this.#state === "stopped") {
        this.#held.timers.push(due);
        return;
      }
      const { sleptMs } = this.machine;
      // Timers count on the monotonic clock, which stands still while the machine sleeps.
      if (sleptMs > sleptBeforeMs) this.#planAt(timer, atMs + sleptMs - sleptBeforeMs, act, sleptMs);
      else act();
    };
    timer.planned = this.#time.at(atMs, due);
  }
}

/** Who waits for each signal. Listeners of signals are slow to come and go, and sleeping is what most of the time is spent with. */
const sleepersBySignal = new WeakMap<AbortSignal, Set<() => void>>();

function sleepersOf(signal: AbortSignal): Set<() => void> {
  const known = sleepersBySignal.get(signal);
  if (known !== undefined) return known;
  const sleepers = new Set<() => void>();
  sleepersBySignal.set(signal, sleepers);
  signal.addEventListener("abort", () => {
    for (const wake of [...sleepers]) wake();
  });
  return sleepers;
}

class ProcessTimer implements Timer {
  planned: Planned | null = null;
  isCancelled = false;
  readonly #time: WorldTime;

  constructor(time: WorldTime) {
    this.#time = time;
  }

  cancel(): void {
    this.isCancelled = true;
    if (this.planned !== null) this.#time.cancel(this.planned);
  }
}
