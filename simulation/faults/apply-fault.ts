/** Makes the faults of a plan happen in a world, and ends them. */
import { MemoryDatabase } from "@holdfast/coordinator/store/memory/memory-database.ts";
import type { Machine } from "../machine/machine.ts";
import type { World } from "../world/world.ts";
import { beginAnewIfEmpty } from "./begin-anew.ts";
import type { FaultKind, FaultOf } from "./fault.ts";
import { fillDisk, pause, sleep, switchOff } from "./machine-faults.ts";
import { beginPartition, worsenAll } from "./network-faults.ts";
import { agentOf, coordinatorOf, nothingToUndo, type Undo } from "./targets.ts";
import { awaitCommit, loseSubmission, overtakeStart } from "./telling-moments.ts";

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
  startOvertaken: (world, fault) => overtakeStart(world, fault),
  submissionLost: (world, { downMs }) => loseSubmission(world, downMs),
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
  nodeAsleep: (world, { node }) => sleep(world, agentOf(world, node)),
  nodeDiskFull: (world, { node }) => fillDisk(agentOf(world, node).machine),
  clockStepped(world, { machine, byMs }) {
    const { machines, redisMachines } = world;
    const target = machines[machine % machines.length] as Machine;
    // Set back, Redis would keep a lease for as much longer, and nobody could lead meanwhile.
    target.clock.stepWall(redisMachines.includes(target) ? Math.abs(byMs) : byMs);
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
