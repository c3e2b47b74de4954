/** How a world is built: drawn from the seed before anything else. */
import type { CoordinatorChoices } from "../cluster/settings.ts";
import type { Random } from "../random.ts";

export interface WorldShape {
  readonly coordinators: number;
  readonly nodes: number;
  readonly tasks: number;
  readonly exclusiveShare: number;
  /** One: a Redis of its own. More: a primary with replicas, and sentinels. */
  readonly redisServers: number;
  /** The most by which a machine's clocks run wrong. */
  readonly rateError: number;
  /** The most by which wall clocks are off: coordinators' (delays and deadlines are kept in Unix time) and nodes'. */
  readonly coordinatorOffsetMs: number;
  readonly nodeOffsetMs: number;
  readonly coordinatorChoices: CoordinatorChoices;
  /** For how long an old primary takes writes beside the new one. */
  readonly overlapMs: number;
  readonly faults: number;
  /** The phases: faults begin between these, and at `healMs` everything works again, until `endMs`. */
  readonly faultsFromMs: number;
  readonly healMs: number;
  readonly endMs: number;
}

/** What production assumes of clocks (`clockRateError`). */
const assumedRateError = 0.001;
const overlapMs = 10_000;

export function drawShape(random: Random): WorldShape {
  const exclusiveShare = random.pick([0, 0.2, 0.5]);
  const redisServers = random.chance(0.4) ? 3 : 1;
  const healMs = Math.round(random.between(95_000, 125_000));
  return {
    coordinators: random.chance(0.1) ? 4 : 3,
    nodes: random.whole(5, 7),
    tasks: random.whole(50, 70),
    exclusiveShare,
    redisServers,
    // Only exclusive tasks assume anything of clocks' rates.
    rateError: exclusiveShare === 0 && random.chance(0.3) ? 0.008 : assumedRateError * 0.9,
    coordinatorOffsetMs: random.chance(0.1) ? 5_000 : 200,
    nodeOffsetMs: random.chance(0.1) ? 3_600_000 : 200,
    coordinatorChoices: drawChoices(random, redisServers),
    overlapMs,
    faults: random.chance(0.05) ? 0 : random.whole(2, 14),
    faultsFromMs: 3_000,
    healMs,
    endMs: healMs + 75_000,
  };
}

function drawChoices(random: Random, redisServers: number): CoordinatorChoices {
  const redisWaitReplicas = redisServers > 1 && random.chance(0.6) ? 1 : 0;
  const durability = random.chance(0.3)
    ? "journal"
    : redisWaitReplicas > 0 && random.chance(0.5)
      ? "replicas"
      : "store";
  return {
    durability,
    redisOverlapMs: redisServers > 1 ? overlapMs : 0,
    redisWaitReplicas,
    logEntriesKept: random.chance(0.2) ? 100 : 100_000,
    eventsKept: random.chance(0.2) ? 20 : 10_000,
    endedTasksKept: random.chance(0.1) ? random.whole(5, 20) : 1_000_000,
  };
}
