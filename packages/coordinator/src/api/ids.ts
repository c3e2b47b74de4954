/**
 * Ids of tasks and batches: `<cell>-<ULID in lower case>`. A ULID is 48 bits of Unix milliseconds and 80 random bits in
 * Crockford's base 32, so that sorting by id is sorting by time.
 */

export type Clock = () => number;
/** Fills the buffer with random bytes. */
export type RandomBytes = (buffer: Uint8Array) => void;

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const timeLength = 10;
const randomLength = 16;

/** Makes ids that only ever grow: within one millisecond, or when the clock goes back, the random part counts up. */
export class IdGenerator {
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #random: RandomBytes;
  readonly #bytes = new Uint8Array(randomLength);
  /** One base-32 digit each. */
  readonly #digits = new Uint8Array(randomLength);
  #lastMs = -1;
  #timePart = "";

  constructor(cell: string, clock: Clock, random: RandomBytes) {
    this.#prefix = `${cell}-`;
    this.#clock = clock;
    this.#random = random;
  }

  next(): string {
    const nowMs = this.#clock();
    if (nowMs > this.#lastMs) this.#begin(nowMs);
    else if (!this.#countUp()) this.#begin(this.#lastMs + 1);
    let text = this.#prefix + this.#timePart;
    for (const digit of this.#digits) text += alphabet[digit];
    return text;
  }

  #begin(ms: number): void {
    this.#lastMs = ms;
    this.#timePart = encodeTime(ms);
    this.#random(this.#bytes);
    for (let at = 0; at < randomLength; at += 1) this.#digits[at] = (this.#bytes[at] as number) & 31;
  }

  /** False when the random part has no successor. */
  #countUp(): boolean {
    const digits = this.#digits;
    for (let at = randomLength - 1; at >= 0; at -= 1) {
      if (digits[at] !== 31) {
        digits[at] = (digits[at] as number) + 1;
        return true;
      }
      digits[at] = 0;
    }
    return false;
  }
}

function encodeTime(ms: number): string {
  let text = "";
  let rest = ms;
  for (let at = 0; at < timeLength; at += 1) {
    text = alphabet[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
