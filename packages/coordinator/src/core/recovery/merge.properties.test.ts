/** What must hold whatever two histories did before they are merged. A failure prints both, shrunk, and its seed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { OrphanPiece } from "../event.ts";
import type { AttemptState, TaskRecord } from "../record.ts";
import { isEnded, isEndedAttempt } from "../record.ts";
import { TwoHistories } from "../testing/two-histories.ts";
import type { World } from "../testing/world.ts";
import { currentAttempt } from "../turn.ts";

const nodes = ["a", "b", "c"];
const node = fc.constantFrom(...nodes);
const nth = fc.nat(8);
const news = fc.constantFrom<AttemptState[]>("starting", "running", "stopping", "succeeded", "failed", "refused");
const action = fc.oneof(
  fc.record({ kind: fc.constant("submit" as const), request: fc.nat(3), body: fc.nat(1) }),
  fc.record({ kind: fc.constant("submitBatch" as const), request: fc.nat(1), size: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant("report" as const), task: nth, state: news }),
  fc.record({ kind: fc.constantFrom("cancel" as const, "hold" as const), task: nth }),
  fc.record({
    kind: fc.constantFrom("join" as const, "silence" as const, "cordon" as const, "drain" as const),
    node,
  }),
  fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(100, 3_500) }),
);
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;
const actions = fc.array(action, { maxLength: 12 });

/** Ids are told apart by history; what both share has the same in each. */
function act(world: World, id: string, acknowledged: Set<string>, one: Action): void {
  const ids = [...world.state.taskIds.ascending("")];
  const idOf = (index: number) => ids[index % Math.max(1, ids.length)] ?? "none";
  const write = (request: Parameters<World["write"]>[0]) => {
    try {
      world.write(request);
    } catch (error) {
      expect(String(error)).toMatch(/notFound|failedPrecondition/);
    }
  };
  const ask = (submit: () => readonly string[]) => {
    try {
      for (const id of submit()) acknowledged.add(id);
    } catch (error) {
      expect(String(error)).toMatch(/alreadyExists/);
    }
  };
  switch (one.kind) {
    case "submit":
      return ask(() => [world.submit({ id, requestId: `r${one.request}`, body: `"${one.body}"` })]);
    case "submitBatch": {
      const wishes = Array.from({ length: one.size }, (_, index) => ({ id: `${id}.${index}` }));
      const call = { batchId: `batch-${id}`, requestId: `b${one.request}`, bodyHash: `${one.size}` };
      return ask(() => world.submitBatch(wishes, false, call).taskIds);
    }
    case "report": {
      const attempt = world.state.findTask(idOf(one.task))?.attempts.at(-1);
      if (attempt === undefined) return;
      return world.report(attempt.nodeId, { taskId: idOf(one.task), attempt: attempt.number, state: one.state });
    }
    case "cancel":
      return write({ kind: "cancel", namespace: "default", target: { taskId: idOf(one.task) }, reason: "" });
    case "hold":
      return write({ kind: "hold", namespace: "default", taskId: idOf(one.task) });
    case "join":
      return world.join(one.node);
    case "silence":
      return world.silence(one.node);
    case "cordon":
      return write({ kind: "cordon", nodeId: one.node, reason: "" });
    case "drain":
      return write({ kind: "drain", nodeId: one.node, deadlineMs: 500, reason: "" });
    case "pass":
      return world.pass(one.ms);
  }
}

interface Story {
  readonly past: readonly Action[];
  /** Of the lost history, in two parts: what one journal has, and what only another has besides. */
  readonly lost: readonly (readonly Action[])[];
  readonly ours: readonly Action[];
}
const story: fc.Arbitrary<Story> = fc.record({
  past: actions,
  lost: fc.tuple(actions, actions),
  ours: actions,
});

function play({ past, lost, ours }: Story) {
  const acknowledged = new Set<string>();
  const histories = new TwoHistories((world) => {
    for (const [index, one] of past.entries()) act(world, `p${index}`, acknowledged, one);
  });
  const orphans: OrphanPiece[] = [];
  for (const [part, actions] of lost.entries()) {
    for (const [index, one] of actions.entries()) act(histories.lost, `l${part}.${index}`, acknowledged, one);
    orphans.push(histories.orphan());
    histories.lost.pass(100);
  }
  for (const [index, one] of ours.entries()) act(histories.ours, `o${index}`, acknowledged, one);
  return { histories, acknowledged, orphans };
}

function endings(world: World): Map<string, string> {
  const ended = [...world.state.tasks.values(), ...world.state.ended.oldest()].filter(({ state }) => isEnded(state));
  return new Map(ended.map(({ id, state }) => [id, state]));
}

/** By task, number and node. */
function attemptStates(world: World): Map<string, AttemptState> {
  const states = new Map<string, AttemptState>();
  for (const { id, attempts } of [...world.state.tasks.values(), ...world.state.ended.oldest()]) {
    for (const { number, nodeId, state } of attempts) states.set(`${id}.${number} on ${nodeId}`, state);
  }
  return states;
}

/** What does not depend on how far an attempt has got. */
function gist(world: World): unknown {
  const tasks = [...world.state.tasks.values(), ...world.state.ended.oldest()];
  const told = tasks.map((task) => `${task.id} ${task.requestId} ${fateOf(task)}`).sort();
  const flags = [...world.state.nodes.values()].map(({ id, cordoned }) => `${id} ${cordoned}`).sort();
  return { told, flags, requests: [...world.state.requests].sort() };
}

function fateOf(task: TaskRecord): string {
  // One whose request was accepted again may have been cancelled before a longer orphan told of its end.
  if (task.requestId === "" && isEnded(task.state)) return "ended";
  if (isEnded(task.state)) return task.state;
  return currentAttempt(task)?.stop === "cancelled" ? "cancelled" : "live";
}

test("nothing acknowledged is lost, ends stay, each request has one answer, and copies stay equal", () => {
  fc.assert(
    fc.property(story, (told) => {
      const { histories, acknowledged, orphans } = play(told);
      const { ours } = histories;
      const before = endings(ours);
      const requests = new Map(ours.state.requests);
      const attempts = attemptStates(ours);
      for (const orphan of orphans) histories.merge(orphan);
      for (const id of acknowledged) expect(ours.state.findTask(id)?.id, "an acknowledged task").toBe(id);
      for (const [id, state] of before) expect(ours.task(id).state, `task ${id} had ended`).toBe(state);
      const after = attemptStates(ours);
      for (const [key, state] of attempts) {
        // A loss can be revised; and where both have given one number, the other's may stand in its place.
        if (!isEndedAttempt(state) || state === "lost" || !after.has(key)) continue;
        expect(after.get(key), `attempt ${key} had ended`).toBe(state);
      }
      for (const [key, id] of requests) expect(ours.state.requests.get(key), `the answer to ${key}`).toBe(id);
      const claims = [...ours.state.tasks.values(), ...ours.state.ended.oldest()].filter(
        (task) => task.requestId !== "",
      );
      expect(new Set(claims.map(({ requestId }) => requestId)).size, "one task per request").toBe(claims.length);
      for (const task of ours.state.tasks.values()) {
        const free = task.attempts.filter(({ state, stop }) => !isEndedAttempt(state) && stop === null);
        expect(free.length, `attempts of ${task.id} that run unstopped`).toBeLessThanOrEqual(1);
        expect(new Set(task.attempts.map(({ number }) => number)).size).toBe(task.attempts.length);
        expect(ours.state.bodies.has(task.id), `a body for ${task.id}`).toBe(true);
      }
      expect(ours.snapshot(ours.replica)).toEqual(ours.snapshot());
    }),
    { numRuns: 200 },
  );
});

test("merging in another order, or twice, comes to the same", () => {
  fc.assert(
    fc.property(story, (told) => {
      const results = [
        [0, 1],
        [1, 0],
        [0, 1, 0, 1],
      ].map((order) => {
        const { histories, orphans } = play(told);
        for (const index of order) histories.merge(orphans[index]);
        return gist(histories.ours);
      });
      expect(results[1]).toEqual(results[0]);
      expect(results[2]).toEqual(results[0]);
    }),
    { numRuns: 200 },
  );
});

test("what is merged can be undone", () => {
  fc.assert(
    fc.property(story, (told) => {
      const { histories, orphans } = play(told);
      const before = histories.ours.snapshot();
      histories.ours.undone(() => {
        for (const orphan of orphans) histories.merge(orphan);
      });
      expect(histories.ours.snapshot()).toEqual(before);
    }),
    { numRuns: 150 },
  );
});
