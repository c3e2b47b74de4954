/** What clients and operators of a world do, and when: made from the seed before the world begins. */

import { argvOf } from "../node/task-program.ts";
import type { Random } from "../random.ts";

/** A TaskSpec as a client writes it. */
export interface PlannedTask {
  readonly name: string;
  readonly argv: readonly string[];
  readonly timeoutMs: number;
  readonly queueTimeoutMs: number;
  readonly priority: number;
  readonly maxRetries: number;
  readonly stopGraceMs: number;
  readonly cpuMillis: number;
  readonly exclusive: boolean;
}

export type WorkItem = { readonly atMs: number } & (
  | { readonly kind: "submit"; readonly task: PlannedTask }
  | { readonly kind: "submitBatch"; readonly tasks: readonly PlannedTask[]; readonly addsToLast: boolean }
  /** `task`: the so-many-th of those that were accepted by then, counted around. */
  | { readonly kind: "cancel" | "retry"; readonly task: number }
  | { readonly kind: "hold"; readonly task: number; readonly forMs: number }
  | { readonly kind: "pausePlacement"; readonly forMs: number }
  | { readonly kind: "cordon" | "drain"; readonly node: number; readonly forMs: number }
  /** A node that is lost is taken out of the cluster; it may come again. */
  | { readonly kind: "remove"; readonly node: number }
  /** An operator who knows it says that nodes which are switched off are dead. */
  | { readonly kind: "confirmDead" }
  | { readonly kind: "stepDown" }
  | { readonly kind: "read"; readonly task: number }
);

export interface WorkSizes {
  readonly tasks: number;
  /** From 0 to 1. */
  readonly exclusiveShare: number;
  /** Nothing is submitted later. */
  readonly untilMs: number;
}

export function planWork(random: Random, { tasks, exclusiveShare, untilMs }: WorkSizes): readonly WorkItem[] {
  const items: WorkItem[] = [];
  const when = () => random.between(500, untilMs);
  let planned = 0;
  const task = () => {
    planned += 1;
    return planTask(random, `t${planned}`, random.chance(exclusiveShare));
  };
  while (planned < tasks) {
    if (random.chance(0.7)) items.push({ atMs: when(), kind: "submit", task: task() });
    else {
      const batch = Array.from({ length: random.whole(2, 8) }, task);
      items.push({ atMs: when(), kind: "submitBatch", tasks: batch, addsToLast: random.chance(0.3) });
    }
  }
  const some = (count: number, make: (atMs: number) => WorkItem) => {
    for (let at = 0; at < count; at += 1) items.push(make(when()));
  };
  const any = () => random.whole(0, 1_000);
  some(random.whole(1, 8), (atMs) => ({ atMs, kind: "cancel", task: any() }));
  some(random.whole(0, 3), (atMs) => ({ atMs, kind: "retry", task: any() }));
  some(random.whole(0, 3), (atMs) => ({ atMs, kind: "hold", task: any(), forMs: random.between(500, 15_000) }));
  some(random.whole(0, 1), (atMs) => ({ atMs, kind: "pausePlacement", forMs: random.between(500, 8_000) }));
  some(random.whole(0, 1), (atMs) => ({ atMs, kind: "cordon", node: any(), forMs: random.between(500, 20_000) }));
  some(random.whole(0, 1), (atMs) => ({ atMs, kind: "drain", node: any(), forMs: random.between(2_000, 20_000) }));
  some(random.whole(0, 1), (atMs) => ({ atMs, kind: "remove", node: any() }));
  some(random.whole(0, 3), (atMs) => ({ atMs, kind: "confirmDead" }));
  some(random.whole(0, 2), (atMs) => ({ atMs, kind: "stepDown" }));
  some(random.whole(20, 40), (atMs) => ({ atMs, kind: "read", task: any() }));
  return items.sort((one, other) => one.atMs - other.atMs);
}

function planTask(random: Random, name: string, exclusive: boolean): PlannedTask {
  const durationMs = random.chance(0.15) ? random.between(20_000, 60_000) : random.exponential(6_000);
  const exitCode = random.chance(0.15) ? random.whole(1, 3) : 0;
  const program = { durationMs, exitCode, stubborn: random.chance(0.2), missing: random.chance(0.02) };
  return {
    name,
    argv: argvOf(program),
    timeoutMs: random.chance(0.15) ? random.whole(1_000, 15_000) : 0,
    queueTimeoutMs: random.chance(0.05) ? random.whole(1_000, 20_000) : 0,
    priority: random.whole(-2, 2),
    maxRetries: random.chance(0.5) ? random.whole(1, 4) : 0,
    stopGraceMs: random.whole(100, 4_000),
    cpuMillis: random.whole(200, 1_500),
    exclusive,
  };
}
