import { expect, test } from "vitest";
import { onStackOfItsOwn } from "./drain.ts";
import { withoutRealWorld } from "./no-real-world.ts";
import { WorldTime } from "./world-time.ts";

test("things happen by their time, and at the same time as they were planned", async () => {
  const time = new WorldTime();
  const seen: string[] = [];
  time.at(20, () => seen.push(`c ${time.nowMs}`));
  time.at(10, () => {
    seen.push(`a ${time.nowMs}`);
    time.after(0, () => seen.push(`d ${time.nowMs}`));
  });
  time.at(10, () => seen.push(`b ${time.nowMs}`));
  const cancelled = time.at(15, () => seen.push("never"));
  time.cancel(cancelled);
  await onStackOfItsOwn(() => time.run(30, () => false));
  expect(seen).toEqual(["a 10", "b 10", "d 10", "c 20"]);
  expect(time.nowMs).toBe(30);
});

test("what promises owe is done before the next thing happens, however long the chain", async () => {
  const time = new WorldTime();
  const seen: string[] = [];
  time.at(1, () => {
    void (async () => {
      for (let hop = 0; hop < 1_000; hop += 1) await null;
      process.nextTick(() => Promise.resolve().then(() => seen.push("promises")));
    })();
  });
  time.at(1, () => seen.push("next"));
  await onStackOfItsOwn(() => time.run(2, () => false));
  expect(seen).toEqual(["promises", "next"]);
});

test("a world cannot be run from within a promise", async () => {
  await Promise.resolve();
  expect(() => new WorldTime().run(1, () => false)).toThrow(/not called by the event loop/);
});

test("a world may stop early", async () => {
  const time = new WorldTime();
  let happened = 0;
  const again = () => {
    happened += 1;
    time.after(1, again);
  };
  again();
  await onStackOfItsOwn(() => time.run(100, () => happened === 5));
  expect(happened).toBe(5);
  expect(time.nowMs).toBe(4);
});

test.each([
  ["Date.now", () => Date.now()],
  ["new Date", () => new Date()],
  ["Math.random", () => Math.random()],
  ["setTimeout", () => setTimeout(() => {}, 1)],
])("%s is an offence while a world runs, and none afterwards", (_, offend) => {
  const told: Error[] = [];
  const work = () => {
    try {
      offend();
    } catch {
      // A product might swallow it; the run learns of it all the same.
    }
  };
  withoutRealWorld(work, (error) => told.push(error));
  expect(told).toHaveLength(1);
  expect(offend).not.toThrow();
  expect(told).toHaveLength(1);
});
