/** What must hold after any sequence of events, however unlikely. A failure prints the sequence, shrunk, and its seed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AttemptState } from "./record.ts";
import { isEnded, isEndedAttempt } from "./record.ts";
import { World } from "./testing/world.ts";

const nodes = ["a", "b", "c", "d"];
const node = fc.constantFrom(...nodes);
/** Which of the tasks so far; modulo their number. */
const task = fc.nat(30);
const news: fc.Arbitrary<AttemptState> = fc.constantFrom(
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

const action = fc.oneof(
  fc.record({
    kind: fc.constant("submit" as const),
    maxRetries: fc.nat(2),
    cpuMillis: fc.constantFrom(0, 2_000, 8_000),
  }),
  fc.record({ kind: fc.constant("submitAgain" as const), task }),
  fc.record({ kind: fc.constant("report" as const), node, task, attempt: fc.integer({ min: 1, max: 4 }), state: news }),
  fc.record({
    kind: fc.constant("join" as const),
    node,
    mentions: fc.array(fc.record({ task, state: news }), { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constantFrom(
      "silence" as const,
      "cordon" as const,
      "uncordon" as const,
      "drain" as const,
      "leave" as const,
    ),
    node,
  }),
  fc.record({ kind: fc.constantFrom("cancel" as const, "hold" as const, "release" as const), task }),
  fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(100, 1_000, 3_500, 70_000) }),
);
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

function act(world: World, ids: string[], one: Action): void {
  const idOf = (index: number) => ids[index % Math.max(1, ids.length)] ?? "none";
  const write = (request: Parameters<World["write"]>[0]) => {
    try {
      world.write(request);
    } catch (error) {
      // Refusals are answers; what they leave behind is looked at like everything else.
      expect(String(error)).toMatch(/notFound|failedPrecondition|invalidArgument/);
    }
  };
  switch (one.kind) {
    case "submit": {
      const resources = { cpuMillis: one.cpuMillis, memoryBytes: 0, counts: {} };
      ids.push(
        world.submit({ maxRetries: one.maxRetries, resources, requestId: `r${ids.length}`, body: `${ids.length}` }),
      );
      return;
    }
    case "submitAgain": {
      if (ids.length === 0) return;
      const index = one.task % ids.length;
      expect(world.submit({ requestId: `r${index}`, body: `${index}` })).toBe(ids[index]);
      return;
    }
    case "report":
      return world.report(one.node, { taskId: idOf(one.task), attempt: one.attempt, state: one.state });
    case "join":
      return world.join(
        one.node,
        {},
        one.mentions.map((mention) => ({ taskId: idOf(mention.task), state: mention.state })),
      );
    case "silence":
      return world.silence(one.node);
    case "leave":
      return world.event({ kind: "farewell", nodeId: one.node, returning: true, reason: "" });
    case "cordon":
      return write({ kind: "cordon", nodeId: one.node, reason: "" });
    case "uncordon":
      return write({ kind: "uncordon", nodeId: one.node });
    case "drain":
      return write({ kind: "drain", nodeId: one.node, deadlineMs: 500, reason: "" });
    case "cancel":
      return write({ kind: "cancel", namespace: "default", target: { taskId: idOf(one.task) }, reason: "" });
    case "hold":
      return write({ kind: "hold", namespace: "default", taskId: idOf(one.task) });
    case "release":
      return write({ kind: "release", namespace: "default", taskId: idOf(one.task) });
    case "pass":
      return world.pass(one.ms);
  }
}

/** What is derived from records, computed anew from them. */
function expectDerivedState(world: World): void {
  const counts = new Map<string, number>();
  const promised = new Map<string, { cpuMillis: number; attempts: string[] }>();
  for (const one of [...world.state.tasks.values(), ...world.state.ended.oldest()]) {
    counts.set(one.state, (counts.get(one.state) ?? 0) + 1);
    for (const attempt of one.attempts) {
      if (isEndedAttempt(attempt.state)) continue;
      const there = promised.get(attempt.nodeId) ?? { cpuMillis: 0, attempts: [] };
      there.cpuMillis += one.resources.cpuMillis;
      there.attempts.push(`${one.id}.${attempt.number}`);
      promised.set(attempt.nodeId, there);
    }
  }
  const present = [...world.state.counts].filter(([, count]) => count > 0);
  expect(Object.fromEntries(present), "counters equal recomputation").toEqual(Object.fromEntries(counts));
  for (const { nodeId, cpuMillis, attempts, record } of world.state.slots.all) {
    const { cpuMillis: expected, attempts: keys } = promised.get(nodeId) ?? { cpuMillis: 0, attempts: [] };
    expect({ nodeId, cpuMillis, attempts: [...attempts.keys()].sort() }).toEqual({
      nodeId,
      cpuMillis: expected,
      attempts: keys.sort(),
    });
    expect(record ?? attempts.size, "a slot is there for a reason").toBeTruthy();
  }
}

test("any sequence of events leaves a consistent state, the same on a standby, and terminal states never change", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const world = new World();
      const ids: string[] = [];
      const endings = new Map<string, string>();
      for (const one of actions) {
        act(world, ids, one);
        for (const id of ids) {
          const { state } = world.task(id);
          const ending = endings.get(id);
          if (ending !== undefined) expect(state, `task ${id} had ended`).toBe(ending);
          else if (isEnded(state)) endings.set(id, state);
        }
      }
      expectDerivedState(world);
      expect(world.snapshot(world.replica)).toEqual(world.snapshot());
    }),
    { numRuns: 300 },
  );
});

test("whatever is undone leaves no trace", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), fc.array(action, { maxLength: 10 }), (before, undone) => {
      const world = new World();
      const ids: string[] = [];
      for (const one of before) act(world, ids, one);
      const snapshot = world.snapshot();
      // Time passes in turns of its own; it cannot be part of one.
      world.undone(() => {
        for (const one of undone) if (one.kind !== "pass") act(world, [...ids], one);
      });
      expect(world.snapshot()).toEqual(snapshot);
    }),
    { numRuns: 300 },
  );
});

test("an attempt's number is never given twice, and no task has two attempts that nobody stops", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const world = new World();
      const ids: string[] = [];
      for (const one of actions) act(world, ids, one);
      for (const id of ids) {
        const { attempts } = world.task(id);
        expect(new Set(attempts.map(({ number }) => number)).size).toBe(attempts.length);
        const free = attempts.filter(({ state, stop }) => !isEndedAttempt(state) && stop === null);
        expect(free.length, `attempts of ${id} that run unstopped`).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 300 },
  );
});
