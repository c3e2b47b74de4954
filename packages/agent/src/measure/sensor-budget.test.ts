import { describe, expect, test } from "vitest";
import {
  afterReading,
  defaultSensorLimits,
  freshSensor,
  mayRead,
  type Reading,
  SensorBudget,
  type SensorChange,
  type SensorState,
} from "./sensor-budget.ts";

const limits = { ...defaultSensorLimits, slowAfterMs: 50, retryAfterMs: 1000, retryAfterMaxMs: 3000 };
const good: Reading = { tookMs: 1 };
const failed: Reading = { tookMs: 1, error: "EIO" };
const slow: Reading = { tookMs: 80 };

const after = (readings: readonly Reading[], nowMs = 0, from: SensorState = freshSensor): SensorState =>
  readings.reduce((state, reading) => afterReading(state, reading, nowMs, limits), from);

describe("state", () => {
  test("three bad readings in a row switch a sensor off, with the reason of the last", () => {
    expect(after([failed, failed])).toEqual({ kind: "on", strikes: 2 });
    expect(after([failed, slow, failed], 10)).toEqual({ kind: "off", retryAtMs: 1010, pauseMs: 1000, reason: "EIO" });
    expect(after([slow, slow, slow])).toMatchObject({ reason: "took 80 ms, more than the 50 ms allowed" });
  });

  test("good readings forgive, five of them one bad one", () => {
    expect(after([failed, ...Array<Reading>(5).fill(good)])).toMatchObject({ kind: "on", strikes: expect.closeTo(0) });
    const oneBadInTen = Array.from({ length: 100 }, (_, at) => (at % 10 === 0 ? failed : good));
    const oneBadInThree = Array.from({ length: 100 }, (_, at) => (at % 3 === 0 ? failed : good));
    expect(after(oneBadInTen).kind).toBe("on");
    const states = oneBadInThree.map((_, at) => after(oneBadInThree.slice(0, at + 1)).kind);
    expect(states, "one bad reading in three should switch it off").toContain("off");
  });

  test("an off sensor is not read before its trial", () => {
    const off = after([failed, failed, failed], 100);
    expect([mayRead(off, 100), mayRead(off, 1099), mayRead(off, 1100)]).toEqual([false, false, true]);
  });

  test("a failed trial doubles the pause up to its limit, a good one starts afresh", () => {
    let state = after([failed, failed, failed]);
    const pauses = [1000, 3000, 6000].map((nowMs) => {
      state = afterReading(state, failed, nowMs, limits);
      return state.kind === "off" ? [state.pauseMs, state.retryAtMs] : [];
    });
    expect(pauses).toEqual([
      [2000, 3000],
      [3000, 6000],
      [3000, 9000],
    ]);
    expect(afterReading(state, good, 9000, limits)).toEqual({ kind: "on", strikes: 0 });
  });
});

test("a sensor tells when it goes off and when it works again, and is left alone between", () => {
  let nowMs = 0;
  let reads = 0;
  let broken = true;
  const changes: SensorChange[] = [];
  const budget = new SensorBudget("disk", {
    limits,
    monotonicMs: () => nowMs,
    onChange: (change) => changes.push(change),
  });
  const read = (): number | undefined =>
    budget.read(() => {
      reads += 1;
      if (broken) throw new Error("EIO: i/o error, read");
      return 7;
    });

  expect([read(), read(), read(), read(), read()]).toEqual(Array.from({ length: 5 }, () => undefined));
  expect(reads, "reads before it went off").toBe(3);
  broken = false;
  nowMs = 1000;
  expect([read(), read()]).toEqual([7, 7]);
  expect(changes).toEqual([
    { sensor: "disk", state: "off", reason: "EIO: i/o error, read", retryAfterMs: 1000 },
    { sensor: "disk", state: "on", reason: "", retryAfterMs: 0 },
  ]);
});

test("time is measured around the reading", () => {
  let nowMs = 0;
  const changes: SensorChange[] = [];
  const budget = new SensorBudget("slow", {
    limits,
    monotonicMs: () => nowMs,
    onChange: (change) => changes.push(change),
  });
  for (let reading = 0; reading < 3; reading += 1) {
    budget.read(() => {
      nowMs += 51;
    });
  }
  expect(changes).toMatchObject([{ state: "off", reason: "took 51 ms, more than the 50 ms allowed" }]);
});
