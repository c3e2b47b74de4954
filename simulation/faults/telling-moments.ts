/** Faults that wait for the moment at which they tell most. */
import type { MemoryDatabase } from "@holdfast/coordinator/store/memory/memory-database.ts";
import type { SimulatedCoordinator } from "../cluster/simulated-coordinator.ts";
import type { SimulatedAgent } from "../node/simulated-agent.ts";
import type { World } from "../world/world.ts";
import type { FaultOf } from "./fault.ts";
import { pause } from "./machine-faults.ts";
import { nothingToUndo, type Undo } from "./targets.ts";

/** The next leader that places something is gone while the commit of that is on its way. */
export function awaitCommit(world: World, lateMs: number, how: "killed" | "paused"): Undo {
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

/** In which standbys read it. */
const followedWithinMs = 100;

/**
 * The next task that is written is in the journals of standbys, not in the storage any more, and its client knows nothing of
 * it and submits it again.
 */
export function loseSubmission(world: World, downMs: number): Undo {
  const { redis, time, history } = world;
  let waits = true;
  let isOver = false;
  let before: { readonly batchId: string; readonly database: MemoryDatabase } | null = null;
  let undo = nothingToUndo;
  history.watch((event) => {
    if (!waits) return;
    if (event.kind === "commitSent" && event.batch.lines.some((line) => line.startsWith("+body"))) {
      before = { batchId: event.batch.id, database: redis.primary.database.copy() };
      return;
    }
    if (event.kind !== "committed" || before?.batchId !== event.batch.id) return;
    if (event.serverId !== redis.primary.serverId) return;
    waits = false;
    const { database } = before;
    const { primary } = redis;
    const leader = world.coordinators.find(({ id }) => id === event.coordinatorId) as SimulatedCoordinator;
    time.after(0, () => isOver || leader.kill());
    time.after(followedWithinMs, () => {
      if (isOver || redis.primary !== primary) return;
      primary.process.die("killed");
      time.after(downMs, () => undo());
    });
    undo = () => {
      undo = nothingToUndo;
      isOver = true;
      if (redis.primary === primary && primary.process.isDead) redis.restart(database);
      leader.start();
    };
  });
  return () => {
    waits = false;
    undo();
  };
}

/** Before the leader notices that it does not hear the node: then what is owed goes by way of a standby, a start, too. */
const cancelAfterMs = 500;
const leaderDiesAfterMs = 1_000;

/**
 * The next start gets stuck on its way, and its task is cancelled meanwhile. A stop comes by another way: from a standby, or
 * from the next leader. It overtakes the start, which may arrive after it and be good still, or never.
 */
export function overtakeStart(world: World, { stuckForMs, leaderDies }: FaultOf<"startOvertaken">): Undo {
  let waits = true;
  let isOver = false;
  let undo = nothingToUndo;
  world.history.watch((event) => {
    if (!waits || event.kind !== "startSent") return;
    waits = false;
    const { coordinatorId, nodeId, taskId } = event;
    const leader = world.coordinators.find(({ id }) => id === coordinatorId) as SimulatedCoordinator;
    const node = world.agents.find((agent) => agent.nodeId === nodeId) as SimulatedAgent;
    const paths = [world.network.path(leader.machine, node.machine), world.network.path(node.machine, leader.machine)];
    for (const path of paths) path.block();
    undo = () => {
      undo = nothingToUndo;
      isOver = true;
      for (const path of paths) path.unblock();
      leader.start();
    };
    world.time.after(cancelAfterMs, () => world.workload.cancel(taskId));
    if (leaderDies) world.time.after(leaderDiesAfterMs, () => isOver || leader.kill());
    world.time.after(stuckForMs, () => undo());
  });
  return () => {
    waits = false;
    undo();
  };
}
