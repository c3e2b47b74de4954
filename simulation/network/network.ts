/** Who can reach whom, and how: one path for each direction between two machines, and the processes that listen. */
import type { HostMachine } from "../machine/host-machine.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import type { Random } from "../random.ts";
import type { WorldTime } from "../time/world-time.ts";
import { Path } from "./path.ts";

export interface Listener {
  readonly process: SimulatedProcess;
  /** @param end of a connection to this service (`End` of the service's protocol) */
  readonly accept: (service: string, end: unknown) => void;
}

export class Network {
  readonly time: WorldTime;
  readonly #random: Random;
  readonly #paths = new Map<string, Path>();
  readonly #listeners = new Map<string, Listener>();
  readonly #machineOf = new Map<string, HostMachine>();

  constructor(time: WorldTime, random: Random) {
    this.time = time;
    this.#random = random;
  }

  path(from: HostMachine, to: HostMachine): Path {
    const key = `${from.name}→${to.name}`;
    let path = this.#paths.get(key);
    if (path === undefined) {
      path = new Path(this.#random.stream(key));
      this.#paths.set(key, path);
    }
    return path;
  }

  /** An address belongs to one machine, whether anybody listens there or not. */
  assign(address: string, machine: HostMachine): void {
    this.#machineOf.set(address, machine);
  }

  /** Until the process dies, or another one listens there. */
  listen(address: string, process: SimulatedProcess, accept: Listener["accept"]): void {
    this.assign(address, process.machine);
    this.#listeners.set(address, { process, accept });
  }

  listenerAt(address: string): Listener | null {
    const listener = this.#listeners.get(address);
    return listener?.process.isDead === false ? listener : null;
  }

  /**
   * One try of a kernel to connect. A stopped process counts as listening, since its kernel accepts for it.
   * @param answered with who listens, or null: refused
   * @param lost nothing comes back
   */
  knock(from: HostMachine, address: string, answered: (listener: Listener | null) => void, lost: () => void): void {
    const machine = this.#machineOf.get(address);
    if (machine === undefined) return lost();
    const there = this.path(from, machine);
    const back = this.path(machine, from);
    if (there.isBlocked || back.isBlocked || !machine.isUp || machine.isAsleep) return lost();
    this.time.after(there.drawDelayMs(), () => {
      if (!machine.isUp || machine.isAsleep) return lost();
      const listener = this.listenerAt(address);
      if (listener !== null) return answered(listener);
      this.time.after(back.drawDelayMs(), () => answered(null));
    });
  }
}
