/** Faults of the network: who reaches whom, and how well. */
import type { Quality } from "../network/path.ts";
import type { World } from "../world/world.ts";
import type { FaultOf } from "./fault.ts";
import { machinesOf, type Undo } from "./targets.ts";

export function beginPartition(world: World, { one, other, directions }: FaultOf<"partition">): Undo {
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

export function worsenAll(world: World, quality: Quality): Undo {
  const { machines } = world;
  const paths = machines.flatMap((from) =>
    machines.filter((to) => to !== from).map((to) => world.network.path(from, to)),
  );
  for (const path of paths) path.worsen(quality);
  return () => {
    for (const path of paths) path.improve(quality);
  };
}
