/** Draws the faults of one world from its seed: all of them before it begins, so that any of them can be left out. */
import type { Random } from "../random.ts";
import type { CoordinatorTarget, Fault, FaultDetails, FaultKind, Side } from "./fault.ts";

export interface FaultBounds {
  readonly coordinators: number;
  readonly nodes: number;
  readonly machines: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Redis has replicas that can be promoted. */
  readonly hasReplicas: boolean;
}

interface Draw {
  /** How often, compared with the others. */
  readonly weight: number;
  readonly longestMs: number;
  readonly draw: (random: Random, bounds: FaultBounds) => FaultDetails;
}

type Draws = { readonly [Kind in FaultKind]: Draw };

const node = (random: Random, { nodes }: FaultBounds) => random.whole(0, nodes - 1);

function coordinator(random: Random, { coordinators }: FaultBounds): CoordinatorTarget {
  return random.chance(0.6) ? "leader" : random.whole(0, coordinators - 1);
}

const draws: Draws = {
  partition: { weight: 6, longestMs: 25_000, draw: drawPartition },
  lossyNetwork: {
    weight: 2,
    longestMs: 20_000,
    draw: (random) => ({ kind: "lossyNetwork", lossRate: random.between(0.01, 0.3) }),
  },
  slowNetwork: {
    weight: 2,
    longestMs: 20_000,
    draw: (random) => ({ kind: "slowNetwork", delayMs: random.between(5, 200), jitterMs: random.between(0, 200) }),
  },
  callsTwice: {
    weight: 1,
    longestMs: 60_000,
    draw: (random) => ({ kind: "callsTwice", rate: random.between(0.1, 0.8) }),
  },
  coordinatorKilled: {
    weight: 4,
    longestMs: 10_000,
    draw: (random, bounds) => ({ kind: "coordinatorKilled", coordinator: coordinator(random, bounds) }),
  },
  coordinatorRestarted: {
    weight: 2,
    longestMs: 5_000,
    draw: (random, bounds) => ({ kind: "coordinatorRestarted", coordinator: coordinator(random, bounds) }),
  },
  coordinatorPaused: {
    weight: 4,
    longestMs: 15_000,
    draw: (random, bounds) => ({ kind: "coordinatorPaused", coordinator: coordinator(random, bounds) }),
  },
  leaderGoneInCommit: {
    weight: 2,
    longestMs: 10_000,
    draw(random) {
      const how = random.pick(["killed", "paused"] as const);
      return {
        kind: "leaderGoneInCommit",
        how,
        lateMs: how === "killed" ? random.between(1, 15) : random.between(0.3, 5),
      };
    },
  },
  // These two are drawn apart, see `planFaults`.
  submissionLost: {
    weight: 0,
    longestMs: 30_000,
    draw: (random) => ({ kind: "submissionLost", downMs: random.between(100, 2_000) }),
  },
  startOvertaken: {
    weight: 0,
    longestMs: 30_000,
    draw: (random) => ({
      kind: "startOvertaken",
      stuckForMs: random.between(2_000, 2_800),
      leaderDies: random.chance(0.5),
    }),
  },
  coordinatorOff: {
    weight: 2,
    longestMs: 30_000,
    draw: (random, bounds) => ({ kind: "coordinatorOff", coordinator: coordinator(random, bounds) }),
  },
  coordinatorDiskFull: {
    weight: 1,
    longestMs: 15_000,
    draw: (random, bounds) => ({ kind: "coordinatorDiskFull", coordinator: coordinator(random, bounds) }),
  },
  coordinatorDiskLost: {
    weight: 0.5,
    longestMs: 5_000,
    draw: (random, bounds) => ({ kind: "coordinatorDiskLost", coordinator: coordinator(random, bounds) }),
  },
  agentKilled: {
    weight: 3,
    longestMs: 20_000,
    draw: (random, bounds) => ({ kind: "agentKilled", node: node(random, bounds) }),
  },
  agentRestarted: {
    weight: 2,
    longestMs: 10_000,
    draw: (random, bounds) => ({ kind: "agentRestarted", node: node(random, bounds), returning: random.chance(0.8) }),
  },
  agentPaused: {
    weight: 4,
    longestMs: 40_000,
    draw: (random, bounds) => ({ kind: "agentPaused", node: node(random, bounds) }),
  },
  supervisorKilled: {
    weight: 2,
    longestMs: 1_000,
    draw: (random, bounds) => ({ kind: "supervisorKilled", node: node(random, bounds), withAgent: random.chance(0.5) }),
  },
  nodeOff: {
    weight: 3,
    longestMs: 40_000,
    draw: (random, bounds) => ({ kind: "nodeOff", node: node(random, bounds) }),
  },
  nodeAsleep: {
    weight: 1,
    longestMs: 40_000,
    draw: (random, bounds) => ({ kind: "nodeAsleep", node: node(random, bounds) }),
  },
  nodeDiskFull: {
    weight: 2,
    longestMs: 20_000,
    draw: (random, bounds) => ({ kind: "nodeDiskFull", node: node(random, bounds) }),
  },
  clockStepped: {
    weight: 1,
    longestMs: 1_000,
    draw: (random, { machines }) => ({
      kind: "clockStepped",
      machine: random.whole(0, machines - 1),
      byMs: Math.round(random.between(-5_000, 5_000)),
    }),
  },
  redisKilled: {
    weight: 2,
    longestMs: 10_000,
    draw: (random) => ({ kind: "redisKilled", lostMs: random.chance(0.6) ? random.between(1, 1_000) : 0 }),
  },
  redisPromoted: {
    weight: 4,
    longestMs: 60_000,
    draw: (random) => ({
      kind: "redisPromoted",
      lostMs: random.chance(0.7) ? random.between(1, 2_000) : 0,
      oldPrimaryFor: random.pick<readonly CoordinatorTarget[]>([[], [], ["leader"], ["leader"], ["leader", 1], [0, 2]]),
    }),
  },
  redisPaused: { weight: 2, longestMs: 12_000, draw: () => ({ kind: "redisPaused" }) },
  redisSlow: {
    weight: 2,
    longestMs: 15_000,
    draw: (random) => ({ kind: "redisSlow", commandMs: random.between(1, 60) }),
  },
  redisFull: { weight: 1, longestMs: 10_000, draw: () => ({ kind: "redisFull" }) },
  redisFlushed: { weight: 0.3, longestMs: 5_000, draw: () => ({ kind: "redisFlushed" }) },
  redisAnswersLost: {
    weight: 4,
    longestMs: 15_000,
    draw: (random, bounds) => ({
      kind: "redisAnswersLost",
      coordinator: coordinator(random, bounds),
      requestRate: random.between(0, 0.2),
      answerRate: random.between(0.02, 0.4),
    }),
  },
  redisCommandsTwice: {
    weight: 1,
    longestMs: 60_000,
    draw: (random) => ({ kind: "redisCommandsTwice", rate: random.between(0.05, 0.5) }),
  },
  redisLeaseUnanswered: {
    weight: 2,
    longestMs: 8_000,
    draw: (random) => ({
      kind: "redisLeaseUnanswered",
      coordinator: "leader",
      answerDelayMs: random.between(0, 800),
    }),
  },
};

export const faultKinds = Object.keys(draws) as readonly FaultKind[];

const kindsByWeight: readonly FaultKind[] = faultKinds.flatMap((kind) =>
  Array.from({ length: Math.round(draws[kind].weight * 10) }, () => kind),
);

/** About as long as leases and silences are waited for: where what is counted wrongly shows. */
const tellingMs = [2_000, 3_000];

/** In which share of the seeds things are arranged that hardly ever come about by themselves. */
const arrangedRate = 0.25;

export function planFaults(random: Random, count: number, bounds: FaultBounds): readonly Fault[] {
  const faults: Fault[] = [];
  for (let at = 0; at < count; at += 1) {
    const of = random.stream(at);
    const kind = of.pick(bounds.hasReplicas ? kindsByWeight : kindsByWeight.filter((one) => one !== "redisPromoted"));
    const { longestMs, draw } = draws[kind];
    const atMs = Math.round(of.between(bounds.fromMs, bounds.untilMs));
    const drawnMs = of.chance(0.3) ? of.pick(tellingMs) * of.between(0.7, 1.2) : of.exponential(longestMs / 3) + 100;
    const forMs = Math.round(Math.min(drawnMs, longestMs));
    faults.push({ ...draw(of, bounds), atMs, forMs });
  }
  for (const kind of ["startOvertaken", "submissionLost"] as const) {
    const of = random.stream(kind);
    if (!of.chance(arrangedRate)) continue;
    const { longestMs, draw } = draws[kind];
    faults.push({ ...draw(of, bounds), atMs: Math.round(of.between(bounds.fromMs, bounds.untilMs)), forMs: longestMs });
  }
  return faults.sort((one, other) => one.atMs - other.atMs);
}

/** Who is cut off, from the shapes that real networks fail in: one machine, one pair, one group, Redis from some. */
function drawPartition(random: Random, bounds: FaultBounds): FaultDetails {
  const nobody: Side = { coordinators: [], nodes: [], redis: false };
  const all = (count: number) => Array.from({ length: count }, (_, number) => number);
  const everybody: Side = { coordinators: all(bounds.coordinators), nodes: all(bounds.nodes), redis: true };
  const oneCoordinator: Side = { ...nobody, coordinators: [coordinator(random, bounds)] };
  const someNodes: Side = { ...nobody, nodes: random.sample(everybody.nodes, random.whole(1, bounds.nodes)) };
  const oneNode: Side = { ...nobody, nodes: [node(random, bounds)] };
  const redis: Side = { ...nobody, redis: true };
  const directions = random.chance(0.7) ? "both" : "oneWay";
  const [one, other] = random.pick<readonly [Side, Side]>([
    [oneNode, everybody],
    [oneNode, oneCoordinator],
    [someNodes, oneCoordinator],
    [someNodes, { ...nobody, coordinators: everybody.coordinators }],
    [oneCoordinator, everybody],
    [oneCoordinator, { ...everybody, redis: false }],
    [oneCoordinator, redis],
    [oneCoordinator, { ...nobody, coordinators: everybody.coordinators }],
    [redis, everybody],
    [{ ...someNodes, coordinators: random.sample(everybody.coordinators, 1), redis: random.chance(0.5) }, everybody],
  ]);
  return random.chance(0.5)
    ? { kind: "partition", one, other, directions }
    : { kind: "partition", one: other, other: one, directions };
}
