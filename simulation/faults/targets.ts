/** Whom a fault of a plan is about, in the world as it is when the fault begins. */
import type { SimulatedCoordinator } from "../cluster/simulated-coordinator.ts";
import type { Machine } from "../machine/machine.ts";
import type { SimulatedAgent } from "../node/simulated-agent.ts";
import type { World } from "../world/world.ts";
import type { CoordinatorTarget, Side } from "./fault.ts";

/** Ends what was begun. */
export type Undo = () => void;

export const nothingToUndo: Undo = () => {};

export function coordinatorOf(world: World, target: CoordinatorTarget): SimulatedCoordinator {
  const { coordinators } = world;
  const number = target === "leader" ? coordinators.indexOf(world.leading ?? (coordinators[0] as never)) : target;
  return coordinators[number % coordinators.length] as SimulatedCoordinator;
}

export function agentOf(world: World, node: number): SimulatedAgent {
  return world.agents[node % world.agents.length] as SimulatedAgent;
}

export function machinesOf(world: World, { coordinators, nodes, redis }: Side): Set<Machine> {
  return new Set([
    ...coordinators.map((target) => coordinatorOf(world, target).machine),
    ...nodes.map((node) => agentOf(world, node).machine),
    ...(redis ? world.redisMachines : []),
  ]);
}
