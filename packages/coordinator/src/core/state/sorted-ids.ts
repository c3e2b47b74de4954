/**
 * The ids of all tasks in order, which is the order of their submission.
 *
 * New ids are almost always the highest, so an array serves: they are appended, or slid in near its end. Deletions leave
 * the id in place until they are half of the array; `has` tells which are real.
 */
export class SortedIds {
  readonly #has: (id: string) => boolean;
  #ids: string[] = [];
  #deleted = 0;

  constructor(has: (id: string) => boolean) {
    this.#has = has;
  }

  add(id: string): void {
    const last = this.#ids.at(-1);
    if (last === undefined || last < id) {
      this.#ids.push(id);
      return;
    }
    const at = this.#firstAtOrAfter(id);
    if (this.#ids[at] !== id) this.#ids.splice(at, 0, id);
    else if (this.#deleted > 0) this.#deleted -= 1;
  }

  /** Call after `has` has begun to say no. */
  deleted(): void {
    this.#deleted += 1;
    if (this.#deleted < 1_024 || this.#deleted * 2 < this.#ids.length) return;
    this.#ids = this.#ids.filter((id) => this.#has(id));
    this.#deleted = 0;
  }

  /** In order, beginning behind `after` ("" for the first). */
  *ascending(after: string): Iterable<string> {
    for (let at = after === "" ? 0 : this.#firstAtOrAfter(`${after}\0`); at < this.#ids.length; at += 1) {
      const id = this.#ids[at] as string;
      if (this.#has(id)) yield id;
    }
  }

  /** In falling order, beginning before `before` ("" for the last). */
  *descending(before: string): Iterable<string> {
    for (let at = (before === "" ? this.#ids.length : this.#firstAtOrAfter(before)) - 1; at >= 0; at -= 1) {
      const id = this.#ids[at] as string;
      if (this.#has(id)) yield id;
    }
  }

  #firstAtOrAfter(id: string): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ids[middle] as string) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
