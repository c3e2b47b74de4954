/**
 * Which faults strike when. Everything follows from the seed: the same seed, minutes and hosts give the same plan.
 *
 * The plan names roles ("leader", "primary") rather than hosts: who has them is found out when the fault strikes. Faults
 * of different kinds may last at the same time. Those of Redis keep a distance, since a fail-over needs a whole group;
 * the network's that hit everybody are short.
 */
import { type Random, randomFrom } from "./random.ts";

export const faultKinds = [
  "killLeader",
  "pauseLeader",
  "stopLeader",
  "killStandby",
  "pauseStandby",
  "killAgent",
  "pauseAgent",
  "restartAgent",
  "killAgentHost",
  "killCoordinatorHost",
  "killPrimary",
  "pausePrimary",
  "killPrimaryHost",
  "killReplica",
  "killSentinel",
  "cutAgent",
  "cutAgentOneWay",
  "cutLeaderFromRedis",
  "cutLeaderFromAgents",
  "cutLeaderFromAll",
  "cutPrimary",
  "cutLeaderAndPrimary",
  "cutEverybody",
  "loss",
  "lossEverywhere",
  "delay",
  "reset",
] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface PlannedFault {
  /** From the begin of the load. */
  readonly atMs: number;
  readonly kind: FaultKind;
  readonly lastsMs: number;
  /** Which of several, where the kind leaves that open; to be taken modulo their number. */
  readonly choice: number;
  /** Of packets, for losses. */
  readonly percent: number;
  readonly delayMs: number;
}

interface Pattern {
  /** How often it is drawn among all of its group. */
  readonly weight: number;
  readonly lastsMs: readonly [number, number];
}

/** Cost the leadership, mostly. A pause and a cut have to outlast the lease. */
const ofLeaders: Partial<Record<FaultKind, Pattern>> = {
  killLeader: { weight: 4, lastsMs: [500, 4_000] },
  pauseLeader: { weight: 3, lastsMs: [1_000, 7_000] },
  stopLeader: { weight: 2, lastsMs: [500, 3_000] },
  killCoordinatorHost: { weight: 2, lastsMs: [3_000, 8_000] },
  cutLeaderFromRedis: { weight: 3, lastsMs: [2_000, 8_000] },
  cutLeaderFromAll: { weight: 2, lastsMs: [3_000, 8_000] },
  cutLeaderFromAgents: { weight: 2, lastsMs: [3_000, 8_000] },
};

/** A host that dies is away for longer than it takes to be lost: no machine boots within a second. */
const ofNodes: Partial<Record<FaultKind, Pattern>> = {
  killAgent: { weight: 3, lastsMs: [300, 6_000] },
  pauseAgent: { weight: 2, lastsMs: [1_000, 9_000] },
  restartAgent: { weight: 2, lastsMs: [300, 2_000] },
  killAgentHost: { weight: 2, lastsMs: [6_000, 12_000] },
  cutAgent: { weight: 3, lastsMs: [1_000, 14_000] },
  cutAgentOneWay: { weight: 3, lastsMs: [1_000, 14_000] },
  killStandby: { weight: 2, lastsMs: [500, 5_000] },
  pauseStandby: { weight: 2, lastsMs: [1_000, 6_000] },
};

const ofLinks: Partial<Record<FaultKind, Pattern>> = {
  loss: { weight: 3, lastsMs: [4_000, 10_000] },
  lossEverywhere: { weight: 1, lastsMs: [3_000, 6_000] },
  delay: { weight: 3, lastsMs: [4_000, 10_000] },
  reset: { weight: 3, lastsMs: [300, 1_500] },
  cutEverybody: { weight: 1, lastsMs: [1_000, 5_000] },
};

/** Longer than it takes to be replaced. */
const ofRedis: Partial<Record<FaultKind, Pattern>> = {
  killPrimary: { weight: 3, lastsMs: [5_000, 9_000] },
  killPrimaryHost: { weight: 3, lastsMs: [5_000, 9_000] },
  pausePrimary: { weight: 2, lastsMs: [5_000, 9_000] },
  cutPrimary: { weight: 3, lastsMs: [6_000, 10_000] },
  cutLeaderAndPrimary: { weight: 3, lastsMs: [6_000, 10_000] },
  killReplica: { weight: 1, lastsMs: [1_000, 5_000] },
  killSentinel: { weight: 1, lastsMs: [1_000, 5_000] },
};

interface Group {
  readonly patterns: Partial<Record<FaultKind, Pattern>>;
  readonly firstMs: number;
  readonly everyMs: readonly [number, number];
}

/** Each group strikes on its own, about this often. */
const groups: readonly Group[] = [
  { patterns: ofLeaders, firstMs: 5_000, everyMs: [16_000, 30_000] },
  { patterns: ofNodes, firstMs: 8_000, everyMs: [12_000, 24_000] },
  { patterns: ofLinks, firstMs: 12_000, everyMs: [25_000, 45_000] },
  { patterns: ofRedis, firstMs: 20_000, everyMs: [60_000, 90_000] },
];

export function planFaults(seed: number, durationMs: number): PlannedFault[] {
  const faults = groups.flatMap(({ patterns, firstMs, everyMs }, index) => {
    // Each group has its own numbers, so that a change of one leaves the others as they were.
    const random = randomFrom(seed * groups.length + index);
    const planned: PlannedFault[] = [];
    for (let atMs = firstMs + random.between(0, 5_000); atMs < durationMs; atMs += random.between(...everyMs)) {
      planned.push(draw(random, atMs, patterns));
    }
    return planned;
  });
  return faults.sort((one, other) => one.atMs - other.atMs);
}

function draw(random: Random, atMs: number, patterns: Partial<Record<FaultKind, Pattern>>): PlannedFault {
  const entries = Object.entries(patterns) as [FaultKind, Pattern][];
  let rest = random.below(entries.reduce((sum, [, { weight }]) => sum + weight, 0));
  const [kind, { lastsMs }] = entries.find(([, { weight }]) => {
    rest -= weight;
    return rest < 0;
  }) as [FaultKind, Pattern];
  return {
    atMs,
    kind,
    lastsMs: random.between(...lastsMs),
    choice: random.below(1_000),
    percent: random.between(10, 40),
    delayMs: random.between(50, 200),
  };
}
