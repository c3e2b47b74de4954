/**
 * Runs one world from its beginning to its end: a phase of faults in which only safety counts, then everything works again
 * and progress is required.
 */

import type { State } from "@holdfast/coordinator/core/state/state.ts";
import type { MemoryDatabase } from "@holdfast/coordinator/store/memory/memory-database.ts";
import { beginFault } from "../faults/apply-fault.ts";
import { beginAnewIfEmpty } from "../faults/begin-anew.ts";
import type { Fault } from "../faults/fault.ts";
import type { Undo } from "../faults/targets.ts";
import type { WorkItem } from "../workload/work-plan.ts";
import type { World } from "./world.ts";

export interface Plan {
  readonly faults: readonly Fault[];
  /** With their numbers in the whole plan. */
  readonly work: readonly { readonly item: WorkItem; readonly number: number }[];
}

/** Synchronous from end to end; to be called by the event loop (see time/drain.ts). */
export function runWorld(world: World, plan: Plan, stopped: () => boolean): void {
  const { time, shape, history, workload } = world;
  const active = new Set<Undo>();
  const copies = watchCopies(world);
  for (const fault of plan.faults) planFault(world, fault, active);
  for (const { item, number } of plan.work) time.at(item.atMs, () => workload.begin(item, number));
  time.at(shape.healMs, () => {
    for (const undo of active) undo();
    active.clear();
    world.mend();
    beginAnewIfEmpty(world);
    history.record({ kind: "healed" });
  });
  world.start();
  time.run(shape.endMs, stopped);
  if (stopped()) return;
  const leader = world.leading;
  const state = (leader === null ? undefined : copies.get(leader.id)) ?? [...copies.values()][0] ?? null;
  history.record({ kind: "ended", leaderId: leader?.id ?? null, state });
}

function planFault(world: World, fault: Fault, active: Set<Undo>): void {
  const { time, redis, history, shape } = world;
  let earlier: { readonly serverId: string; readonly database: MemoryDatabase } | null = null;
  if ("lostMs" in fault && fault.lostMs > 0) {
    time.at(fault.atMs - fault.lostMs, () => {
      const { serverId, database } = redis.primary;
      earlier = { serverId, database: database.copy() };
      // What replicas have confirmed, the one that takes over has.
      if (fault.kind === "redisPromoted") redis.fallBehind();
    });
  }
  time.at(fault.atMs, () => {
    const { kind, atMs: _, ...detail } = fault;
    history.record({ kind: "fault", fault: kind, detail: JSON.stringify(detail) });
    // After another fault of Redis meanwhile, what was kept is no past of what is there now.
    const lost = earlier?.serverId === redis.primary.serverId ? earlier.database : null;
    if (fault.kind === "redisPromoted") redis.catchUp();
    const undo = beginFault(world, fault, lost);
    active.add(undo);
    time.at(Math.min(fault.atMs + fault.forMs, shape.healMs), () => {
      if (active.delete(undo)) undo();
    });
  });
}

/** The latest copy of the state of each coordinator. */
function watchCopies(world: World): ReadonlyMap<string, State> {
  const copies = new Map<string, State>();
  world.history.watch((event) => {
    if (event.kind === "replica") copies.set(event.coordinatorId, event.state);
  });
  return copies;
}
