/** Makes the faults of a plan happen in a world, and ends them. */
import { MemoryDatabase } from "@holdfast/coordinator/store/memory/memory-database.ts";
import type { SimulatedCoordinator } from "../cluster/simulated-coordinator.ts";
import type { Machine } from "../machine/machine.ts";
import type { SimulatedAgent } from "../node/simulated-agent.ts";
import type { World } from "../world/world.ts";
import type { CoordinatorTarget, FaultKind, FaultOf, Side } from "./fault.ts";

/** Ends what was begun. */
export type Undo = () => void;

/** An empty Redis is nothing to worry about before the first leader has begun a log. */
const clusterBeginsWithinMs = 3_000;
const nothingToUndo: Undo = () => {};

type Beginnings = {
  readonly [Kind in FaultKind]: (world: World, fault: FaultOf<Kind>, earlier: MemoryDatabase | null) => Undo;
};

/** @param earlier what Redis held when the writes that it is going to lose began; null: it loses none */
export function beginFault<Kind extends FaultKind>(
  world: World,
  fault: FaultOf<Kind>,
  earlier: MemoryDatabase | null,
): Undo {
  const begin = beginnings[fault.kind as Kind];
  return begin(world, fault, earlier);
}

const beginnings: Beginnings = {
  partition: beginPartition,
  lossyNetwork: (world, { lossRate }) => worsenAll(world, { delayMs: 0.3, jitterMs: 0.7, lossRate }),
  slowNetwork: (world, { delayMs, jitterMs }) => worsenAll(world, { delayMs, jitterMs, lossRate: 0 }),
  callsTwice(world, { rate }) {
    world.callsTwiceRate = rate;
    return () => {
      world.callsTwiceRate = 0;
    };
  },
  coordinatorKilled(world, { coordinator }) {
    const target = coordinatorOf(world, coordinator);
    target.kill();
    return () => target.start();
  },
  coordinatorRestarted(world, { coordinator }) {
    const target = coordinatorOf(world, coordinator);
    target.stop();
    return () => target.start();
  },
  coordinatorPaused: (world, { coordinator }) => pause(world, coordinatorOf(world, coordinator)),
  leaderGoneInCommit: (world, { lateMs, how }) => awaitCommit(world, lateMs, how),
  coordinatorOff: (world, { coordinator }) => switchOff(world, coordinatorOf(world, coordinator), "unsynced"),
  coordinatorDiskFull: (world, { coordinator }) => fillDisk(coordinatorOf(world, coordinator).machine),
  coordinatorDiskLost: (world, { coordinator }) => switchOff(world, coordinatorOf(world, coordinator), "everything"),
  agentKilled(world, { node }) {
    const target = agentOf(world, node);
    target.kill();
    return () => target.start();
  },
  agentRestarted(world, { node, returning }) {
    const target = agentOf(world, node);
    target.stop(returning);
    return () => target.start();
  },
  agentPaused: (world, { node }) => pause(world, agentOf(world, node)),
  supervisorKilled(world, { node, withAgent }) {
    const target = agentOf(world, node);
    const [attempt] = target.node.supervised;
    if (withAgent) target.kill();
    if (attempt !== undefined) target.node.killSupervisor(attempt);
    return () => target.start();
  },
  nodeOff: (world, { node }) => switchOff(world, agentOf(world, node), "unsynced"),
  nodeAsleep(world, { node }) {
    const target = agentOf(world, node);
    const { machine } = target;
    const machineId = machine.name;
    machine.sleep();
    world.history.record({ kind: "assumptionsBroken", machineId, reason: "the machine sleeps" });
    world.history.record({ kind: "paused", machineId });
    return () => {
      machine.wake();
      // Its service manager has slept, too.
      target.start();
      world.history.record({ kind: "resumed", machineId });
      world.history.record({ kind: "assumptionsHold", machineId });
    };
  },
  nodeDiskFull: (world, { node }) => fillDisk(agentOf(world, node).machine),
  clockStepped(world, { machine, byMs }) {
    const { machines } = world;
    machines[machine % machines.length]?.clock.stepWall(byMs);
    return nothingToUndo;
  },
  redisKilled(world, _fault, earlier) {
    const { redis } = world;
    const killed = redis.primary;
    killed.process.die("killed");
    return () => {
      if (redis.primary === killed) redis.restart(earlier ?? killed.database);
    };
  },
  redisPromoted(world, { oldPrimaryFor }, earlier) {
    const { redis } = world;
    const old = redis.primary;
    redis.promote(
      earlier ?? old.database.copy(),
      oldPrimaryFor.map((target) => coordinatorOf(world, target).id),
    );
    world.time.after(world.shape.overlapMs, () => redis.closeOldPrimary(old));
    return () => {
      redis.endSplit(old);
      beginAnewIfEmpty(world);
    };
  },
  redisPaused(world) {
    const { process } = world.redis.primary;
    process.stop();
    return () => process.goOn();
  },
  redisSlow(world, { commandMs }) {
    const { primary } = world.redis;
    primary.commandMs = commandMs;
    return () => {
      primary.commandMs = 0;
    };
  },
  redisFull(world) {
    const { primary } = world.redis;
    primary.isFull = true;
    return () => {
      primary.isFull = false;
    };
  },
  redisFlushed(world) {
    const { primary } = world.redis;
    primary.database = new MemoryDatabase();
    primary.database.serverId = primary.serverId;
    world.history.record({ kind: "storeLost", serverId: primary.serverId, lineage: "", position: null });
    return () => beginAnewIfEmpty(world);
  },
  redisAnswersLost(world, { coordinator, requestRate, answerRate }) {
    const { mishaps } = coordinatorOf(world, coordinator);
    mishaps.requestLostRate = requestRate;
    mishaps.answerLostRate = answerRate;
    return () => {
      mishaps.requestLostRate = 0;
      mishaps.answerLostRate = 0;
    };
  },
  redisLeaseUnanswered(world, { coordinator, answerDelayMs }) {
    const { mishaps } = coordinatorOf(world, coordinator);
    mishaps.leaseIsLost = true;
    mishaps.answerDelayMs = answerDelayMs;
    return () => {
      mishaps.leaseIsLost = false;
      mishaps.answerDelayMs = 0;
    };
  },
  redisCommandsTwice(world, { rate }) {
    for (const { mishaps } of world.coordinators) mishaps.twiceRate = rate;
    return () => {
      for (const { mishaps } of world.coordinators) mishaps.twiceRate = 0;
    };
  },
};

function coordinatorOf(world: World, target: CoordinatorTarget): SimulatedCoordinator {
  const { coordinators } = world;
  const number = target === "leader" ? coordinators.indexOf(world.leading ?? (coordinators[0] as never)) : target;
  return coordinators[number % coordinators.length] as SimulatedCoordinator;
}

function agentOf(world: World, node: number): SimulatedAgent {
  return world.agents[node % world.agents.length] as SimulatedAgent;
}

function machinesOf(world: World, { coordinators, nodes, redis }: Side): Set<Machine> {
  return new Set([
    ...coordinators.map((target) => coordinatorOf(world, target).machine),
    ...nodes.map((node) => agentOf(world, node).machine),
    ...(redis ? world.redisMachines : []),
  ]);
}

function beginPartition(world: World, { one, other, directions }: FaultOf<"partition">): Undo {
  const here = machinesOf(world, one);
  const there = machinesOf(world, other);
  // Where one machine is on both sides, the larger side is everybody else.
  const smaller = here.size <= there.size ? here : there;
  const larger = smaller === here ? there : here;
  for (const machine of smaller) larger.delete(machine);
  const paths = [...here].flatMap((from) => [...there].map((to) => world.network.path(from, to)));
  if (directions === "both") {
    paths.push(...[...there].flatMap((from) => [...here].map((to) => world.network.path(from, to))));
  }
  for (const path of paths) path.block();
  return () => {
    for (const path of paths) path.unblock();
  };
}

function worsenAll(world: World, quality: { delayMs: number; jitterMs: number; lossRate: number }): Undo {
  const { machines } = world;
  const paths = machines.flatMap((from) =>
    machines.filter((to) => to !== from).map((to) => world.network.path(from, to)),
  );
  for (const path of paths) path.worsen(quality);
  return () => {
    for (const path of paths) path.improve(quality);
  };
}

function pause(world: World, target: SimulatedCoordinator | SimulatedAgent): Undo {
  const { process, machine } = target;
  if (process === null) return nothingToUndo;
  process.stop();
  world.history.record({ kind: "paused", machineId: machine.name });
  return () => {
    if (!machine.isAsleep) process.goOn();
    world.history.record({ kind: "resumed", machineId: machine.name });
  };
}

function awaitCommit(world: World, lateMs: number, how: "killed" | "paused"): Undo {
  const quality = { delayMs: lateMs, jitterMs: 0, lossRate: 0 };
  let waits = true;
  let undo = nothingToUndo;
  world.history.watch((event) => {
    if (!waits || event.kind !== "commitSent") return;
    if (!event.batch.lines.some((line) => line.includes('"state":"placed"'))) return;
    waits = false;
    const target = world.coordinators.find(({ id }) => id === event.coordinatorId) as SimulatedCoordinator;
    const path = world.network.path(target.machine, world.redis.primary.machine);
    path.worsen(quality);
    // It is on its way when this event is over.
    world.time.after(0, () => {
      path.improve(quality);
      if (how === "paused") undo = pause(world, target);
      else {
        target.kill();
        undo = () => target.start();
      }
    });
  });
  return () => {
    waits = false;
    undo();
  };
}

function switchOff(
  world: World,
  target: SimulatedCoordinator | SimulatedAgent,
  loses: "unsynced" | "everything",
): Undo {
  const { machine } = target;
  const machineId = machine.name;
  if (!machine.isUp) return nothingToUndo;
  const random = world.random.stream("power off", machine.name, world.time.nowMs);
  machine.powerOff(() => random.chance(0.5));
  if (loses === "everything") machine.disk.wipe();
  world.history.record({ kind: "diskLost", machineId, what: loses });
  return () => {
    if (machine.isUp) return;
    machine.boot();
    world.history.record({ kind: "rebooted", machineId });
    target.start();
  };
}

function fillDisk({ disk }: Machine): Undo {
  disk.isFull = true;
  return () => {
    disk.isFull = false;
  };
}

/** What an operator does about an empty Redis: one coordinator is told to begin a new log. */
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
