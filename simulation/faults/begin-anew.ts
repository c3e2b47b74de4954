/** What operators do about a Redis that holds nothing any more. */
import type { World } from "../world/world.ts";

/** Before that no leader has begun a log yet. */
const clusterBeginsWithinMs = 3_000;

/** One coordinator is told to begin a new log. */
export function beginAnewIfEmpty(world: World): void {
  if (world.redis.primary.database.head() !== null || world.time.nowMs < clusterBeginsWithinMs) return;
  const [first] = world.coordinators;
  if (first === undefined) return;
  first.beginAnew = true;
  first.kill();
  if (!first.machine.isUp) first.machine.boot();
  first.start();
  first.beginAnew = false;
}
