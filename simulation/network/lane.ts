/**
 * One direction of a connection: what is written arrives in order, and late when the path is bad. What was under way when
 * the path closed waits, and still arrives when it opens, whatever both ends think of each other by then.
 */
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import type { Network } from "./network.ts";
import type { Path } from "./path.ts";

export class Lane<Item> {
  readonly #network: Network;
  readonly #path: Path;
  readonly #back: Path;
  readonly #to: SimulatedProcess;
  readonly #arrive: (item: Item) => void;
  /** Nobody is there any more: told when something arrives. */
  readonly #reset: () => void;
  readonly #waiting: Item[] = [];
  #lastArrivalMs = 0;

  constructor(
    network: Network,
    from: SimulatedProcess,
    to: SimulatedProcess,
    arrive: (item: Item) => void,
    reset: () => void,
  ) {
    this.#network = network;
    this.#path = network.path(from.machine, to.machine);
    this.#back = network.path(to.machine, from.machine);
    this.#to = to;
    this.#arrive = arrive;
    this.#reset = reset;
  }

  send(item: Item): void {
    if (this.#waiting.length === 0 && !this.#path.isBlocked) {
      this.#transmit(item);
      return;
    }
    this.#waiting.push(item);
    if (this.#waiting.length === 1) this.#path.whenOpen(() => this.#flush());
  }

  #flush(): void {
    const { time } = this.#network;
    time.after(this.#path.drawRetryMs(), () => {
      if (this.#path.isBlocked) return this.#path.whenOpen(() => this.#flush());
      for (const item of this.#waiting.splice(0)) this.#transmit(item);
    });
  }

  #transmit(item: Item): void {
    const { time } = this.#network;
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, time.nowMs + this.#path.drawDelayMs());
    time.at(this.#lastArrivalMs, () => {
      const { machine } = this.#to;
      if (!machine.isUp) return;
      if (!this.#to.isDead) this.#to.run(() => this.#arrive(item));
      else if (!this.#back.isBlocked) time.after(this.#back.drawDelayMs(), this.#reset);
    });
  }
}
