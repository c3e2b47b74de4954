/** One seed from beginning to end: its world, its plan, the checkers that watch it, and what they found. */
import { defaultSettings } from "@holdfast/coordinator/core/settings.ts";
import type { Violation } from "../checkers/checker.ts";
import { Suite } from "../checkers/suite.ts";
import { defaultConfig } from "../cluster/settings.ts";
import { Coverage } from "../coverage.ts";
import type { Fault, FaultKind } from "../faults/fault.ts";
import { planFaults } from "../faults/fault-plan.ts";
import type { HistoryEvent, Promises } from "../history.ts";
import { Random } from "../random.ts";
import { onStackOfItsOwn } from "../time/drain.ts";
import { withoutRealWorld } from "../time/no-real-world.ts";
import { planWork, type WorkItem } from "../workload/work-plan.ts";
import { type Plan, runWorld } from "../world/run-world.ts";
import { World } from "../world/world.ts";
import { WorldLog } from "../world/world-log.ts";
import { drawShape, type WorldShape } from "../world/world-shape.ts";
import { TraceHash } from "./trace-hash.ts";

export interface SeedResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** Of everything that happened; "" when it was not asked for. */
  readonly hash: string;
  readonly simulatedMs: number;
  /** Calls of clients, and orders to agents. */
  readonly operations: number;
  readonly faults: Partial<Record<FaultKind, number>>;
  readonly commitsUnknown: number;
  /** Cases of event, record and effect, as `Coverage` names them. */
  readonly reached: readonly string[];
}

export interface SeedOptions {
  /** Indices of the planned faults and of the planned work that are kept; not set: all. */
  readonly keptFaults?: readonly number[] | undefined;
  readonly keptWork?: readonly number[] | undefined;
  readonly hashed?: boolean;
  /** Told what happens and what is logged. */
  readonly trace?: ((line: string) => void) | undefined;
}

/** What is promised; somebody leads soon after healing, and by the end of the run every task has moved on. */
const promises: Promises = {
  ...defaultSettings,
  ...defaultConfig,
  leaderWithinMs: 5_000,
  progressWithinMs: 50_000,
};

/** Clients submit nothing in the last moments before healing, and no fault begins. */
const quietMs = 1_000;

export interface SeedPlan {
  readonly shape: WorldShape;
  readonly faults: readonly Fault[];
  readonly work: readonly WorkItem[];
}

export function planOf(seed: number): SeedPlan {
  const random = new Random(seed);
  const shape = drawShape(random.stream("shape"));
  const { coordinators, nodes, redisServers, faultsFromMs, healMs, tasks, exclusiveShare } = shape;
  const untilMs = healMs - quietMs;
  const machines = coordinators + nodes + redisServers;
  const bounds = { coordinators, nodes, machines, fromMs: faultsFromMs, untilMs, hasReplicas: redisServers > 1 };
  const faults = planFaults(random.stream("faults"), shape.faults, bounds);
  const work = planWork(random.stream("work"), { tasks, exclusiveShare, untilMs });
  return { shape, faults, work };
}

export function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  return onStackOfItsOwn(() => runNow(seed, options));
}

function runNow(seed: number, { keptFaults, keptWork, hashed = false, trace }: SeedOptions): SeedResult {
  const { shape, faults, work } = planOf(seed);
  const numbered = work.map((item, number) => ({ item, number }));
  const plan: Plan = { faults: kept(faults, keptFaults), work: kept(numbered, keptWork) };
  const tally = new Tally();
  const coverage = new Coverage();
  const suite = new Suite(promises);
  const hash = new TraceHash();
  const stamped = (line: string) => trace?.(`${(world.time.nowMs / 1_000).toFixed(4).padStart(9)} ${line}`);
  const world = new World(shape, new Random(seed).stream("world"), new WorldLog(trace === undefined ? null : stamped));
  world.history.watch((event) => {
    tally.observe(event);
    coverage.observe(event);
    if (hashed) hash.observe(event);
    if (trace !== undefined) stamped(describe(event));
    suite.observe(event);
  });
  const failed = () => suite.violations.length > 0 || world.defects.length > 0;
  const defect = (error: unknown) => world.defects.push({ atMs: world.time.nowMs, where: "the run", error });
  process.on("unhandledRejection", defect);
  try {
    withoutRealWorld(() => runWorld(world, plan, failed), defect);
  } finally {
    process.off("unhandledRejection", defect);
  }
  return {
    seed,
    violations: [...suite.violations, ...world.defects.map(violationOf)],
    hash: hashed ? hash.text : "",
    simulatedMs: world.time.nowMs,
    operations: tally.operations,
    faults: tally.faults,
    commitsUnknown: tally.commitsUnknown,
    reached: coverage.reached,
  };
}

class Tally {
  operations = 0;
  commitsUnknown = 0;
  readonly faults: Partial<Record<FaultKind, number>> = {};

  observe(event: HistoryEvent): void {
    switch (event.kind) {
      case "called":
      case "read":
      case "startSent":
      case "stopSent":
        this.operations += 1;
        return;
      case "commitAnswered":
        if (event.outcome === "unknown") this.commitsUnknown += 1;
        return;
      case "fault": {
        const kind = event.fault as FaultKind;
        this.faults[kind] = (this.faults[kind] ?? 0) + 1;
        return;
      }
      default:
        return;
    }
  }
}

function kept<Item>(items: readonly Item[], indices: readonly number[] | undefined): readonly Item[] {
  return indices === undefined ? items : items.filter((_, index) => indices.includes(index));
}

function violationOf({ atMs, where, error }: World["defects"][number]): Violation {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { checker: "nothing unforeseen happens", atMs, message: `${where}: ${message}` };
}

const shownLength = 400;

function describe(event: HistoryEvent): string {
  const { kind, atMs: _, ...rest } = event;
  const shown = JSON.stringify(rest, (name, value: unknown) =>
    name === "state" && typeof value === "object" ? "…" : value,
  );
  return `· ${kind} ${shown.length > shownLength ? `${shown.slice(0, shownLength)}…` : shown}`;
}
