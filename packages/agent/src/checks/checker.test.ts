/** When checks are made and told, and what becomes of one that fails; on a clock that the test moves. */
import type { Clock, Timer } from "@holdfast/shared/clock.ts";
import { expect, test } from "vitest";
import { Checker } from "./checker.ts";
import { type CheckGroup, degraded, type Findings, healthy } from "./finding.ts";

/** Runs what is due, in order, and lets promises settle in between. */
class PlayedClock implements Clock {
  #nowMs = 0;
  readonly #due: { atMs: number; everyMs: number | null; act: () => void }[] = [];

  now() {
    return { wallMs: 1e12 + this.#nowMs, steadyMs: this.#nowMs };
  }
  after = (ms: number, act: () => void): Timer => this.#add(ms, null, act);
  every = (ms: number, act: () => void): Timer => this.#add(ms, ms, act);
  soon(act: () => void): void {
    setImmediate(act);
  }
  async sleep(): Promise<void> {
    throw new Error("nothing here sleeps");
  }

  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#due.sort((left, right) => left.atMs - right.atMs)[0];
      if (next === undefined || next.atMs > endMs) break;
      this.#nowMs = next.atMs;
      if (next.everyMs === null) this.#due.shift();
      else next.atMs += next.everyMs;
      next.act();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#nowMs = endMs;
  }

  #add(ms: number, everyMs: number | null, act: () => void): Timer {
    const entry = { atMs: this.#nowMs + ms, everyMs, act };
    this.#due.push(entry);
    return { cancel: () => void this.#due.splice(this.#due.indexOf(entry), this.#due.includes(entry) ? 1 : 0) };
  }
}

function watching(look: () => Findings) {
  const clock = new PlayedClock();
  const changes: string[] = [];
  let told = 0;
  const group: CheckGroup = { sensor: "one", names: ["one"], everyMs: 10_000, slowAfterMs: 100, look };
  const checker = new Checker({
    groups: [group],
    clock,
    random: () => 0.5,
    onSensorChange: ({ sensor, state }) => changes.push(`${sensor} ${state}`),
  });
  checker.listen(() => {
    told += 1;
  });
  checker.start();
  return { clock, checker, changes, told: () => told };
}

test("changes are told at once, and everything once a minute", async () => {
  let finding = healthy;
  const { clock, checker, told } = watching(() => new Map([["one", finding]]));
  expect(checker.latest()).toEqual([]);
  await clock.pass(5_400);
  expect(told(), "the first look").toBe(1);
  await clock.pass(49_600);
  expect(told(), "nothing new").toBe(1);
  await clock.pass(5_000);
  expect(told(), "a minute is over").toBe(2);
  finding = degraded("90 %", "look");
  await clock.pass(10_000);
  expect(told(), "a change").toBe(3);
  const [state] = checker.latest();
  expect(state).toMatchObject({ name: "one", health: "degraded", reason: "90 %" });
  finding = degraded("91 %", "look");
  await clock.pass(10_000);
  expect(told(), "another figure is no change").toBe(3);
  expect(checker.latest()).toMatchObject([{ reason: "91 %", sinceMs: state?.sinceMs }]);
  checker.close();
  await clock.pass(600_000);
  expect(told(), "after the end").toBe(3);
});

test("a check that fails switches itself off, says so, and is tried again", async () => {
  let broken = true;
  const { clock, checker, changes } = watching(() => {
    if (broken) throw new Error("EIO");
    return new Map([["one", healthy]]);
  });
  await clock.pass(5_000);
  expect(checker.latest()).toMatchObject([{ health: "unknown", reason: "the check failed: EIO" }]);
  await clock.pass(30_000);
  expect(changes).toEqual(["check one off"]);
  expect(checker.latest()).toMatchObject([{ health: "unknown", reason: "the check has switched itself off: EIO" }]);
  broken = false;
  await clock.pass(120_000);
  expect(changes).toEqual(["check one off", "check one on"]);
  expect(checker.latest()).toMatchObject([{ health: "healthy" }]);
});
