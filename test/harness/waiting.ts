/** Waiting for what tells nobody that it happens: files, processes, answers. */
import { setTimeout as sleep } from "node:timers/promises";

const lookMs = 25;

/** Deadlines say when a test has failed, not how long a thing should take: a busy machine may need most of it. */
export const patienceMs = 30_000;

/**
 * Looks until there is something else than undefined, and returns that.
 *
 * @param look errors that it throws are told when the time is over, as the last reason why there was nothing
 * @throws Error "expected within … ms: …" with what `seen` says of the present state
 */
export async function eventually<Value>(
  expected: string,
  look: () => Value | undefined | Promise<Value | undefined>,
  { withinMs = patienceMs, seen = () => "" }: { withinMs?: number; seen?: () => string } = {},
): Promise<Value> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    let failure: unknown;
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadlineMs) {
      const state = seen();
      const what = `expected within ${withinMs} ms: ${expected}${state === "" ? "" : `; there is: ${state}`}`;
      throw new Error(what, failure === undefined ? {} : { cause: failure });
    }
    await sleep(lookMs);
  }
}

/** As `eventually`, for what holds or does not. */
export async function until(
  expected: string,
  holds: () => boolean | Promise<boolean>,
  options?: { withinMs?: number; seen?: () => string },
): Promise<void> {
  await eventually(expected, async () => ((await holds()) ? true : undefined), options);
}
