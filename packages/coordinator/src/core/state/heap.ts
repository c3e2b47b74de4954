/** A binary heap: the smallest key first. Entries are not removed from its middle; owners check what they take out. */
export class Heap<Item> {
  readonly #keys: number[] = [];
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  get firstKey(): number {
    return this.#keys[0] ?? Number.POSITIVE_INFINITY;
  }

  get first(): Item | undefined {
    return this.#items[0];
  }

  push(key: number, item: Item): void {
    const keys = this.#keys;
    const items = this.#items;
    let at = items.length;
    items.push(item);
    keys.push(key);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentKey = keys[parent] as number;
      if (parentKey <= key) break;
      keys[at] = parentKey;
      items[at] = items[parent] as Item;
      at = parent;
    }
    keys[at] = key;
    items[at] = item;
  }

  pop(): Item | undefined {
    const keys = this.#keys;
    const items = this.#items;
    const taken = items[0];
    const key = keys.pop();
    const item = items.pop();
    if (items.length === 0 || key === undefined) return taken;
    this.#sink(key, item as Item);
    return taken;
  }

  /** Leaves out the entries that `keep` refuses. */
  retain(keep: (key: number, item: Item) => boolean): void {
    const keys = this.#keys.splice(0);
    const items = this.#items.splice(0);
    for (const [at, item] of items.entries()) {
      const key = keys[at] as number;
      if (keep(key, item)) this.push(key, item);
    }
  }

  *items(): Iterable<Item> {
    yield* this.#items;
  }

  #sink(key: number, item: Item): void {
    const keys = this.#keys;
    const items = this.#items;
    const size = items.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && (keys[child + 1] as number) < (keys[child] as number)) child += 1;
      if ((keys[child] as number) >= key) break;
      keys[at] = keys[child] as number;
      items[at] = items[child] as Item;
      at = child;
    }
    keys[at] = key;
    items[at] = item;
  }
}
