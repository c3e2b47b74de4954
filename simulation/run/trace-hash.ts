/** A number that two runs share only when the same things happened in both, at the same times, in the same order. */
import type { HistoryEvent } from "../history.ts";
import { hashOf } from "../random.ts";

const floats = new Float64Array(1);
const words = new Uint32Array(floats.buffer);

export class TraceHash {
  #hash = 0x811c9dc5;

  observe(event: HistoryEvent): void {
    for (const value of Object.values(event)) {
      if (typeof value === "string") this.#hash = hashOf(value, this.#hash);
      else if (typeof value === "number") this.#take(value);
    }
  }

  get text(): string {
    return this.#hash.toString(16).padStart(8, "0");
  }

  #take(value: number): void {
    floats[0] = value;
    for (const word of words) this.#hash = Math.imul(this.#hash ^ word, 0x01000193) >>> 0;
  }
}
