/** Waits for what must become true. */
import { setTimeout as sleep } from "node:timers/promises";

const lookMs = 10;

/**
 * The first answer of `look` that is not null.
 * @param what is waited for, for the error
 * @throws Error when there is none in time
 */
export async function until<Found>(what: string, look: () => Promise<Found | null>, withinMs = 30_000): Promise<Found> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > deadlineMs) throw new Error(`${what}: not within ${withinMs} ms`);
    await sleep(lookMs);
  }
}
