/** Faults of machines and processes. */
import type { SimulatedCoordinator } from "../cluster/simulated-coordinator.ts";
import type { Machine } from "../machine/machine.ts";
import type { SimulatedAgent } from "../node/simulated-agent.ts";
import type { World } from "../world/world.ts";
import { nothingToUndo, type Undo } from "./targets.ts";

/** As by SIGSTOP. */
export function pause(world: World, target: SimulatedCoordinator | SimulatedAgent): Undo {
  const { process, machine } = target;
  if (process === null) return nothingToUndo;
  process.stop();
  world.history.record({ kind: "paused", machineId: machine.name });
  return () => {
    if (!machine.isAsleep) process.goOn();
    world.history.record({ kind: "resumed", machineId: machine.name });
  };
}

export function switchOff(
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

export function fillDisk({ disk }: Machine): Undo {
  disk.isFull = true;
  return () => {
    disk.isFull = false;
  };
}

/** The machine does nothing, its supervisors neither, and the service manager that would start an agent. */
export function sleep(world: World, target: SimulatedAgent): Undo {
  const { machine } = target;
  const machineId = machine.name;
  machine.sleep();
  world.history.record({ kind: "assumptionsBroken", machineId, reason: "the machine sleeps" });
  world.history.record({ kind: "paused", machineId });
  return () => {
    machine.wake();
    target.start();
    world.history.record({ kind: "resumed", machineId });
    world.history.record({ kind: "assumptionsHold", machineId });
  };
}
