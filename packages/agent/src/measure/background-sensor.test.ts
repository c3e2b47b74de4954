import { expect, test } from "vitest";
import { BackgroundSensor } from "./background-sensor.ts";
import { defaultSensorLimits, type SensorChange } from "./sensor-budget.ts";

interface Question {
  readonly answer: (value: number) => void;
  readonly fail: (error: Error) => void;
}

/** A sensor of questions that the test answers, on a clock that the test moves. */
function sensorUnderTest(everyMs: number, waitMs: number) {
  const clock = { nowMs: 0 };
  const questions: Question[] = [];
  const changes: SensorChange[] = [];
  const sensor = new BackgroundSensor<number>({
    sensor: "slow disk",
    ask: () => new Promise<number>((answer, fail) => questions.push({ answer, fail })),
    everyMs,
    waitMs,
    freshMs: 100,
    limits: { ...defaultSensorLimits, slowAfterMs: 50 },
    monotonicMs: () => clock.nowMs,
    onChange: (change) => changes.push(change),
  });
  return { sensor, clock, questions, changes };
}

test("an answer within the wait is given at once", async () => {
  const { sensor, questions } = sensorUnderTest(0, 60_000);
  const polled = sensor.poll();
  questions[0]?.answer(7);
  expect(await polled).toBe(7);
});

test("a hanging question holds nobody up, is not asked again, and switches the sensor off", async () => {
  const { sensor, clock, questions, changes } = sensorUnderTest(0, 1);
  expect(await sensor.poll()).toBeUndefined();
  for (clock.nowMs = 5000; clock.nowMs <= 20_000; clock.nowMs += 5000) expect(await sensor.poll()).toBeUndefined();
  expect(questions.length, "questions under way").toBe(1);
  expect(changes).toEqual([
    { sensor: "slow disk", state: "off", reason: "no answer for 15000 ms", retryAfterMs: 60_000 },
  ]);
});

test("when the hanging question is answered at last, the sensor gets its trial", async () => {
  const { sensor, clock, questions, changes } = sensorUnderTest(0, 1);
  for (; clock.nowMs <= 15_000; clock.nowMs += 5000) await sensor.poll();
  questions[0]?.answer(1);
  clock.nowMs = 40_000;
  expect(await sensor.poll(), "still switched off").toBeUndefined();
  clock.nowMs = 80_000;
  const trial = sensor.poll();
  questions[1]?.answer(2);
  expect(await trial).toBe(2);
  expect(changes.map(({ state }) => state)).toEqual(["off", "on"]);
});

test("without a wait the answer comes with the next poll, and goes when it is old", async () => {
  const { sensor, clock, questions } = sensorUnderTest(1000, 0);
  expect(await sensor.poll()).toBeUndefined();
  questions[0]?.answer(3);
  await Promise.resolve();
  expect(await sensor.poll()).toBe(3);
  clock.nowMs = 101;
  expect(await sensor.poll()).toBeUndefined();
  expect(questions.length, "not asked again before it is due").toBe(1);
});

test("errors switch it off", async () => {
  const { sensor, questions, changes } = sensorUnderTest(0, 60_000);
  for (let asked = 0; asked < 3; asked += 1) {
    const polled = sensor.poll();
    questions[asked]?.fail(new Error("GPU is lost"));
    expect(await polled).toBeUndefined();
  }
  expect(await sensor.poll()).toBeUndefined();
  expect(questions.length).toBe(3);
  expect(changes).toMatchObject([{ state: "off", reason: "GPU is lost" }]);
});
