/**
 * Random numbers of a run: all of them follow from one seed. Each concern draws from a stream of its own, named by words,
 * so that what one concern draws more or less of changes nothing for the others. That is what makes a shrunk plan of
 * faults replay the same world.
 */

export class Random {
  readonly #seed: number;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#seed = seed >>> 0;
    this.#a = mix(this.#seed ^ 0x9e3779b9);
    this.#b = mix(this.#a ^ 0x85ebca6b);
    this.#c = mix(this.#b ^ 0xc2b2ae35);
    for (let warmUp = 0; warmUp < 12; warmUp += 1) this.bits();
  }

  /** A stream that depends on this one's seed and the names only, not on what was drawn. */
  stream(...names: readonly (string | number)[]): Random {
    let seed = this.#seed;
    for (const name of names) seed = mix(seed ^ hashOf(String(name)));
    return new Random(seed);
  }

  /** 32 random bits, as a whole number from 0. sfc32 by Chris Doty-Humphrey (PractRand), public domain. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** From 0 up to, but not including, 1. */
  fraction(): number {
    return this.bits() / 4_294_967_296;
  }

  between(min: number, max: number): number {
    return min + this.fraction() * (max - min);
  }

  /** A whole number, both bounds included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Most near `mean`, a few much longer. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.fraction());
  }

  /** @throws RangeError when there is nothing to pick from */
  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError("nothing to pick from");
    return items[this.whole(0, items.length - 1)] as Item;
  }

  /** `count` different ones, or all when there are fewer. */
  sample<Item>(items: readonly Item[], count: number): Item[] {
    const rest = [...items];
    const taken: Item[] = [];
    while (taken.length < count && rest.length > 0) taken.push(...rest.splice(this.whole(0, rest.length - 1), 1));
    return taken;
  }

  /** As many hexadecimal digits. */
  hex(digits: number): string {
    let text = "";
    while (text.length < digits) text += this.bits().toString(16).padStart(8, "0");
    return text.slice(0, digits);
  }
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain). */
function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** FNV-1a over UTF-16 units. */
export function hashOf(text: string, from = 0x811c9dc5): number {
  let hash = from;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
