/** What must hold on any node, whatever coordinators say and processes do. A failure prints what happened, shrunk. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type AttemptReport, keyOf } from "./attempt.ts";
import type { AgentEffect } from "./effect.ts";
import {
  AnyNode,
  anyHappening,
  coordinators,
  type Happening,
  happen,
  type Step,
  settings,
} from "./testing/any-node.ts";

const runs = { numRuns: 300 };
/** Without a size of its own fast-check stops at a dozen. */
const manyHappenings = fc.array(anyHappening, { maxLength: 80, size: "max" });

function play(happenings: readonly Happening[], look: (step: Step, node: AnyNode) => void): AnyNode {
  const node = new AnyNode(look);
  for (const one of happenings) happen(node, one);
  return node;
}

function holds(look: () => (step: Step, node: AnyNode) => void): void {
  fc.assert(
    fc.property(manyHappenings, (happenings) => {
      play(happenings, look());
    }),
    runs,
  );
}

function reportsIn(effects: readonly AgentEffect[]): AttemptReport[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== "send") return [];
    return effect.message.kind === "hello"
      ? effect.message.attempts
      : effect.message.kind === "reports"
        ? effect.message.reports
        : [];
  });
}

test("an attempt is launched once at most, and never after it was buried", () => {
  holds(() => {
    // Until it is acknowledged; from then on its folder keeps it from starting. Another process of the agent finds it there.
    const handled = new Set<string>();
    return ({ event, records, effects }) => {
      if (event.kind === "recovered") {
        handled.clear();
        for (const { id } of event.attempts) handled.add(keyOf(id));
      }
      for (const record of records) if (record.kind === "acknowledged") handled.delete(keyOf(record.id));
      for (const effect of effects) {
        if (effect.kind !== "launch" && effect.kind !== "bury") continue;
        const key = keyOf(effect.kind === "launch" ? effect.order : effect.id);
        expect(handled.has(key), `${effect.kind} of ${key}, which is known`).toBe(false);
        handled.add(key);
      }
    };
  });
});

test("only what a leader has ordered of this process, by a beat that is young enough, is launched", () => {
  holds(() => {
    const beatsAtMs = new Map<number, number>();
    const hellosAtMs = new Map<string, number>();
    return ({ event, now, effects, leaving }, node) => {
      if (event.kind === "recovered") beatsAtMs.clear();
      if (event.kind === "linkUp") hellosAtMs.set(event.coordinator, now.steadyMs);
      for (const effect of effects) {
        if (effect.kind === "send" && effect.message.kind === "beat")
          beatsAtMs.set(effect.message.sequence, now.steadyMs);
        if (effect.kind !== "launch") continue;
        const { order, leaseUntilMs } = effect;
        if (event.kind !== "orders") throw new Error(`a launch because of ${event.kind}`);
        const sentAtMs = order.answersBeat === 0 ? hellosAtMs.get(event.coordinator) : beatsAtMs.get(order.answersBeat);
        expect(leaving, "the agent is about to stop").toBe(false);
        expect(order.instanceId).toBe(node.instanceId);
        expect(now.steadyMs - (sentAtMs ?? Number.NaN), "age of the beat").toBeLessThanOrEqual(order.validForMs);
        expect(leaseUntilMs).toBe(order.leaseMs === 0 ? null : (sentAtMs ?? Number.NaN) + order.leaseMs);
      }
    };
  });
});

test("nothing of a lower epoch is obeyed, and a higher one is written down before anything else", () => {
  holds(() => ({ event, highestBefore, records, effects }, { state }) => {
    expect(state.highestEpoch, "the highest never falls").toBeGreaterThanOrEqual(highestBefore);
    const raised = records.filter((record) => record.kind === "highestEpoch");
    if (event.kind !== "recovered" && state.highestEpoch > highestBefore) expect(raised).toHaveLength(1);
    else expect(raised).toEqual([]);
    const epoch = "epoch" in event ? event.epoch : event.kind === "welcome" ? event.leadingEpoch : highestBefore;
    if (epoch >= highestBefore) return;
    expect(records, `records of ${event.kind}`).toEqual([]);
    const [refusal, ...others] = effects.filter(({ kind }) => kind !== "log");
    expect(refusal).toMatchObject({ kind: "send", message: { kind: "epochRefused", highestEpoch: highestBefore } });
    expect(others).toEqual([]);
  });
});

test("an end once told is never told otherwise", () => {
  holds(() => {
    // Until it is acknowledged: an order that is repeated after that finds the folder, and may be told as starting until then.
    const ends = new Map<string, string>();
    return ({ event, records, effects }) => {
      for (const record of records) if (record.kind === "acknowledged") ends.delete(keyOf(record.id));
      if (event.kind === "recovered") {
        const found = new Set(event.attempts.map(({ id }) => keyOf(id)));
        for (const key of ends.keys()) if (!found.has(key)) ends.delete(key);
      }
      for (const { taskId, attempt, state, end } of reportsIn(effects)) {
        const key = keyOf({ taskId, attempt });
        const told = ends.get(key);
        if (told !== undefined) expect(state, `${key} had ended`).toBe(told);
        if (end !== null) ends.set(key, state);
      }
    };
  });
});

test("a lease is extended only, and never of what has ended", () => {
  holds(() => {
    const until = new Map<string, number>();
    return ({ event, effects }, { state }) => {
      const found = event.kind === "recovered" ? event.attempts : event.kind === "exists" ? [event.found] : [];
      for (const { id, leaseUntilMs } of found) until.set(keyOf(id), leaseUntilMs ?? 0);
      for (const effect of effects) {
        if (effect.kind === "launch") until.set(keyOf(effect.order), effect.leaseUntilMs ?? 0);
        if (effect.kind !== "extendLease") continue;
        const key = keyOf(effect.id);
        expect(effect.untilMs, `the lease of ${key}`).toBeGreaterThan(until.get(key) ?? 0);
        expect(["starting", "running", "stopping"]).toContain(state.attempts.get(key)?.phase.kind);
        until.set(key, effect.untilMs);
      }
    };
  });
});

test("every end is told again and again until it is acknowledged, and is then forgotten", () => {
  fc.assert(
    fc.property(manyHappenings, (happenings) => {
      const told: AttemptReport[] = [];
      const node = play(happenings, ({ effects }) => told.push(...reportsIn(effects)));
      node.deliverAll();
      const epoch = node.state.highestEpoch + 1;
      const [leader = ""] = coordinators;
      node.take({ kind: "linkUp", coordinator: leader });
      node.take({ kind: "welcome", coordinator: leader, leadingEpoch: epoch });
      const ended = [...node.state.attempts].filter(([, { phase }]) => phase.kind === "ended").map(([key]) => key);
      for (let times = 0; times < 3; times += 1) {
        told.length = 0;
        node.pass(settings.repeatAfterMs);
        expect(told.map(keyOf), "told once more").toEqual(expect.arrayContaining(ended));
      }
      const attempts = [...node.state.attempts.values()]
        .filter(({ phase }) => phase.kind === "ended")
        .map(({ id }) => id);
      node.take({ kind: "acknowledgements", coordinator: leader, epoch, attempts });
      told.length = 0;
      node.pass(settings.repeatAfterMs);
      node.take({ kind: "leading", coordinator: leader, epoch, inquiry: 2 });
      expect(told.map(keyOf).filter((key) => ended.includes(key))).toEqual([]);
    }),
    runs,
  );
});

test("the state is bounded by what runs and what is not acknowledged", () => {
  holds(() => (_, { state }) => {
    expect(state.beatsAtMs.size).toBeLessThanOrEqual(settings.beatsRemembered);
    expect(state.links.size).toBeLessThanOrEqual(coordinators.length);
    expect(state.attempts.size, "four tasks, two attempts each").toBeLessThanOrEqual(8);
  });
});
