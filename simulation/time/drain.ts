/**
 * Runs everything that promises owe, to the last: between two events of the simulated world nothing may be left over, or
 * the order of things would depend on more than the seed.
 *
 * Node has one public way to wait for that, a turn of the event loop (`setImmediate`, 1.3 µs each). What the event loop
 * itself calls at the end of a callback takes 0.1 µs and can be called by us: it performs V8's microtask checkpoint, which
 * runs microtasks until there are none, and the queue of `process.nextTick`. V8 skips a checkpoint that is asked for from
 * within a microtask, so whoever drains must have been called by the event loop directly (`onStackOfItsOwn`), and `probe`
 * finds out whether draining works at all with this Node.
 */

type Drain = () => void;

/** @throws Error when this Node does not offer it */
export function findDrain(): Drain {
  const drain: unknown = Reflect.get(process, "_tickCallback");
  if (typeof drain !== "function") throw new Error(`Node ${process.version} cannot be made to run what promises owe`);
  return drain as Drain;
}

/** Runs `work` from the event loop, where draining is possible. */
export function onStackOfItsOwn<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
  });
}

const probedHops = 100;

/** @throws Error when something stays behind: the caller runs inside a microtask, or Node has changed */
export function probe(drain: Drain): void {
  let hops = 0;
  void (async () => {
    while (hops < probedHops) {
      await null;
      hops += 1;
    }
  })();
  drain();
  if (hops !== probedHops)
    throw new Error(`draining ended after ${hops} of ${probedHops} steps: not called by the event loop`);
}
