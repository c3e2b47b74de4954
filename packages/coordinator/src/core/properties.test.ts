/** What must hold after any sequence of events, however unlikely. A failure prints the sequence, shrunk, and its seed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AttemptRecord, TaskRecord } from "./record.ts";
import { isEnded, isEndedAttempt } from "./record.ts";
import { type Action, act, anyAction, takesTime } from "./testing/any-events.ts";
import { World } from "./testing/world.ts";

const runs = { numRuns: 200 };
/** Without a size of its own fast-check stops at a dozen, which seldom gets a task as far as its second attempt. */
const size = "max";
const manyActions = fc.array(anyAction, { maxLength: 60, size });

/** @param look after each of them */
function play(actions: readonly Action[], look: (world: World, ids: readonly string[]) => void = () => {}): World {
  const world = new World();
  const ids: string[] = [];
  for (const one of actions) {
    act(world, ids, one);
    look(world, ids);
    world.forgetTold();
  }
  return world;
}

function allTasks({ state }: World): TaskRecord[] {
  return [...state.tasks.values(), ...state.ended.oldest()];
}

/** What is derived from records, computed anew from them. */
function expectDerivedState(world: World): void {
  const counts = new Map<string, number>();
  const promised = new Map<string, { cpuMillis: number; attempts: string[] }>();
  const exclusive = new Map<string, string[]>();
  for (const one of allTasks(world)) {
    counts.set(one.state, (counts.get(one.state) ?? 0) + 1);
    for (const attempt of one.attempts) {
      if (isEndedAttempt(attempt.state)) continue;
      const key = `${one.id}.${attempt.number}`;
      const there = promised.get(attempt.nodeId) ?? { cpuMillis: 0, attempts: [] };
      there.cpuMillis += one.resources.cpuMillis;
      there.attempts.push(key);
      promised.set(attempt.nodeId, there);
      if (one.exclusive) exclusive.set(attempt.nodeId, [...(exclusive.get(attempt.nodeId) ?? []), key]);
    }
  }
  const present = [...world.state.counts].filter(([, count]) => count > 0);
  expect(Object.fromEntries(present), "counters equal recomputation").toEqual(Object.fromEntries(counts));
  for (const { nodeId, cpuMillis, attempts, record } of world.state.slots.all) {
    const { cpuMillis: expected, attempts: keys } = promised.get(nodeId) ?? { cpuMillis: 0, attempts: [] };
    expect({ nodeId, cpuMillis, attempts: [...attempts.keys()].sort() }, "slots equal recomputation").toEqual({
      nodeId,
      cpuMillis: expected,
      attempts: keys.sort(),
    });
    expect(record ?? attempts.size, "a slot is there for a reason").toBeTruthy();
  }
  expect(world.state.slots.all.length, "every node with attempts has a slot").toBeGreaterThanOrEqual(promised.size);
  const byNode = [...world.state.exclusive.byNode].map(([nodeId, there]) => [nodeId, [...there.keys()].sort()]);
  for (const keys of exclusive.values()) keys.sort();
  expect(Object.fromEntries(byNode), "exclusive attempts equal recomputation").toEqual(Object.fromEntries(exclusive));
}

test("any sequence of events leaves a consistent state, the same on a standby, and terminal states never change", () => {
  fc.assert(
    fc.property(manyActions, (actions) => {
      const endings = new Map<string, string>();
      const world = play(actions, (present, ids) => {
        for (const id of ids) {
          const { state } = present.task(id);
          const ending = endings.get(id);
          if (ending !== undefined) expect(state, `task ${id} had ended`).toBe(ending);
          else if (isEnded(state)) endings.set(id, state);
        }
      });
      expectDerivedState(world);
      expect(world.snapshot(world.replica)).toEqual(world.snapshot());
    }),
    runs,
  );
});

test("whatever is undone leaves no trace", () => {
  fc.assert(
    fc.property(
      fc.array(anyAction, { maxLength: 30, size }),
      fc.array(anyAction, { maxLength: 10, size }),
      (before, undone) => {
        const world = play(before);
        const ids = allTasks(world)
          .map(({ id }) => id)
          .sort();
        const snapshot = world.snapshot();
        world.undone(() => {
          for (const one of undone) if (!takesTime(one)) act(world, ids, one);
        });
        expect(world.snapshot()).toEqual(snapshot);
        expectDerivedState(world);
      },
    ),
    runs,
  );
});

test("an attempt's number is never given twice and only grows, and no task has two attempts that nobody stops", () => {
  fc.assert(
    fc.property(manyActions, (actions) => {
      const highest = new Map<string, number>();
      play(actions, (world, ids) => {
        for (const id of ids) {
          const { attempts } = world.task(id);
          const numbers = attempts.map(({ number }) => number);
          expect(numbers, `attempts of ${id}, in order`).toEqual([...new Set(numbers)].sort((a, b) => a - b));
          expect(numbers.at(-1) ?? 0, `the last attempt of ${id}`).toBeGreaterThanOrEqual(highest.get(id) ?? 0);
          highest.set(id, numbers.at(-1) ?? 0);
          const free = attempts.filter(({ state, stop }) => !isEndedAttempt(state) && stop === null);
          expect(free.length, `attempts of ${id} that run unstopped`).toBeLessThanOrEqual(1);
        }
      });
    }),
    runs,
  );
});

/** The task has ended by an attempt that storage had lost; the other one still stops when its node is drained. */
const drainedAfterTheEnd: Action[] = [
  { kind: "join", node: "d", boot: "boot", highestEpoch: 0, mentions: [] },
  { kind: "submit", maxRetries: 0, cpuMillis: 0, exclusive: false },
  { kind: "report", node: "d", task: 0, attempt: 2, state: "succeeded" },
  { kind: "drain", node: "d" },
  { kind: "pass", ms: 1_000 },
];

test("an attempt that has ended stays as it ended, unless it was only taken for lost; each end has a reason", () => {
  fc.assert(
    fc.property(manyActions, (actions) => {
      const ends = new Map<string, AttemptRecord>();
      play(actions, (world, ids) => {
        for (const id of ids) {
          for (const attempt of world.task(id).attempts) {
            const key = `${id}.${attempt.number}`;
            const end = ends.get(key);
            if (end !== undefined && end.state !== "lost") expect(attempt, `attempt ${key} had ended`).toEqual(end);
            if (!isEndedAttempt(attempt.state)) continue;
            expect(attempt.endedAtMs, `attempt ${key} ended at some time`).toBeGreaterThan(0);
            ends.set(key, attempt);
          }
        }
      });
    }),
    { ...runs, examples: [[drainedAfterTheEnd]] },
  );
});

test("an exclusive task gets no attempt while another may run, through elections, losses and returns", () => {
  fc.assert(
    fc.property(manyActions, (actions) => {
      const mayRun = new Map<string, readonly number[]>();
      const placed = new Map<string, number>();
      play(actions, (world) => {
        for (const { id, exclusive, attempts } of world.state.tasks.values()) {
          if (!exclusive) continue;
          const live = attempts.filter(({ state }) => !isEndedAttempt(state)).map(({ number }) => number);
          if (attempts.length > (placed.get(id) ?? 0)) {
            // A false claim may show an earlier one as living again afterwards; it is stopped, and nothing new is placed.
            const still = live.filter((number) => mayRun.get(id)?.includes(number));
            // One that an agent claims beside another is being stopped from the start.
            const news = attempts
              .slice(placed.get(id) ?? 0)
              .filter(({ state, stop }) => state !== "succeeded" && stop !== "superseded");
            if (news.length > 0) expect(still, `attempts of ${id} that may run beside ${news[0]?.number}`).toEqual([]);
          }
          mayRun.set(id, live);
          placed.set(id, attempts.length);
        }
      });
    }),
    runs,
  );
});

test("a start is ordered only of an attempt that may run there, and of an exclusive task with a lease", () => {
  fc.assert(
    fc.property(manyActions, (actions) => {
      play(actions, (world) => {
        for (const { taskId, attempt, nodeId, leaseMs } of world.told("start")) {
          const task = world.state.findTask(taskId);
          const placed = task?.attempts.find(({ number }) => number === attempt);
          expect(placed?.nodeId, `attempt ${attempt} of ${taskId} was placed there`).toBe(nodeId);
          expect(leaseMs > 0).toBe(task?.exclusive);
        }
      });
    }),
    runs,
  );
});

test("a new leader decides from what is committed: electing changes no task, and leaves nothing to be undone", () => {
  fc.assert(
    fc.property(manyActions, (actions) => {
      const world = play(actions);
      const before = allTasks(world);
      // As often as one likes: what is pending may be placed, everything else stays as it was.
      for (let times = 0; times < 3; times += 1) world.elect();
      for (const task of before) {
        const after = world.task(task.id);
        if (task.state === "pending") expect(after.attempts.length).toBeGreaterThanOrEqual(task.attempts.length);
        else
          expect({ state: after.state, attempts: after.attempts }).toEqual({
            state: task.state,
            attempts: task.attempts,
          });
      }
      expectDerivedState(world);
      expect(world.snapshot(world.replica)).toEqual(world.snapshot());
    }),
    runs,
  );
});
