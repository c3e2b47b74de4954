/** Whatever can happen to the core, in any order and whether or not it makes sense: for tests of what must hold all the same. */
import fc from "fast-check";
import { expect } from "vitest";
import type { WriteRequest } from "../event.ts";
import type { AttemptState } from "../record.ts";
import type { World } from "./world.ts";

const node = fc.constantFrom("a", "b", "c", "d");
/** Which of the tasks so far; modulo their number. */
const task = fc.nat(30);
const boot = fc.constantFrom("boot", "boot", "another boot");
const state: fc.Arbitrary<AttemptState> = fc.constantFrom(
  "starting",
  "running",
  "stopping",
  "succeeded",
  "failed",
  "timedOut",
  "cancelled",
  "refused",
  "lost",
);
const attempt = fc.integer({ min: 1, max: 4 });

const submission = {
  maxRetries: fc.nat(2),
  cpuMillis: fc.constantFrom(0, 2_000, 8_000),
  exclusive: fc.boolean(),
};

export const anyAction = fc.oneof(
  fc.record({ kind: fc.constant("submit" as const), ...submission }),
  fc.record({ kind: fc.constant("submitAgain" as const), task }),
  // True ones carry tasks further than any others; false ones come late, twice, or from the wrong node.
  { arbitrary: fc.record({ kind: fc.constant("trueReport" as const), task, state }), weight: 3 },
  fc.record({ kind: fc.constant("report" as const), node, task, attempt, state }),
  fc.record({
    kind: fc.constant("join" as const),
    node,
    boot,
    highestEpoch: fc.constantFrom(0, 1),
    mentions: fc.array(fc.record({ task, attempt, state }), { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constantFrom("silence", "cordon", "uncordon", "drain", "leave", "confirmDead", "remove", "relay" as const),
    node,
  }),
  fc.record({ kind: fc.constantFrom("cancel" as const, "hold" as const, "release" as const), task }),
  fc.record({ kind: fc.constantFrom("elect", "pausePlacement", "resumePlacement" as const) }),
  fc.record({ kind: fc.constant("witness" as const), silent: fc.subarray(["a", "b", "c", "d"]) }),
  fc.record({ kind: fc.constant("stall" as const), ms: fc.constantFrom(400, 5_000) }),
  { arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(100, 1_000, 3_500) }), weight: 2 },
  fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(35_000, 70_000) }),
);
export type Action = typeof anyAction extends fc.Arbitrary<infer Value> ? Value : never;

/** Time passes in turns of its own, so that these cannot be part of another. */
export function takesTime({ kind }: Action): boolean {
  return kind === "pass" || kind === "stall";
}

/** @param ids of the tasks so far; those that are submitted are added */
export function act(world: World, ids: string[], one: Action): void {
  const idOf = (index: number) => ids[index % Math.max(1, ids.length)] ?? "none";
  const namespace = "default";
  switch (one.kind) {
    case "submit": {
      const { maxRetries, cpuMillis, exclusive } = one;
      const resources = { cpuMillis, memoryBytes: 0, counts: {} };
      const identity = { requestId: `r${ids.length}`, body: `${ids.length}` };
      ids.push(world.submit({ maxRetries, resources, exclusive, ...identity }));
      return;
    }
    case "submitAgain": {
      if (ids.length === 0) return;
      const index = one.task % ids.length;
      expect(world.submit({ requestId: `r${index}`, body: `${index}` })).toBe(ids[index]);
      return;
    }
    case "trueReport": {
      const latest = world.state.findTask(idOf(one.task))?.attempts.at(-1);
      if (latest === undefined) return;
      return world.report(latest.nodeId, { taskId: idOf(one.task), attempt: latest.number, state: one.state });
    }
    case "report":
      return world.report(one.node, { taskId: idOf(one.task), attempt: one.attempt, state: one.state });
    case "join": {
      const news = one.mentions.map((mention) => ({ ...mention, taskId: idOf(mention.task) }));
      return world.join(one.node, {}, news, {}, one.boot, one.highestEpoch);
    }
    case "silence":
      return world.silence(one.node);
    case "relay":
      return world.relayBeat(one.node, "standby");
    case "leave":
      return world.event({ kind: "farewell", nodeId: one.node, returning: true, reason: "" });
    case "cordon":
    case "confirmDead":
      return write(world, { kind: one.kind, nodeId: one.node, reason: "" });
    case "uncordon":
    case "remove":
      return write(world, { kind: one.kind, nodeId: one.node });
    case "drain":
      return write(world, { kind: "drain", nodeId: one.node, deadlineMs: 500, reason: "" });
    case "cancel":
      return write(world, { kind: "cancel", namespace, target: { taskId: idOf(one.task) }, reason: "" });
    case "hold":
    case "release":
      return write(world, { kind: one.kind, namespace, taskId: idOf(one.task) });
    case "pausePlacement":
      return write(world, { kind: "pausePlacement", reason: "" });
    case "resumePlacement":
      return write(world, { kind: "resumePlacement" });
    case "elect":
      return world.elect();
    case "witness":
      return world.peer("standby", { silentNodeIds: one.silent, steadyForMs: 100_000 });
    case "stall":
      return world.stall(one.ms);
    case "pass":
      return world.pass(one.ms);
  }
}

/** Refusals are answers; what they leave behind is looked at like everything else. */
function write(world: World, request: WriteRequest): void {
  try {
    world.write(request);
  } catch (error) {
    expect(String(error)).toMatch(/notFound|failedPrecondition|invalidArgument/);
  }
}
