import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { alignBootTime, bootTimeAtMost, steadyTimeOfBoot, systemClock } from "./clock.ts";

/** Of /proc/uptime. */
const stepMs = 10;

function uptimeMs(): number {
  return Number.parseFloat(readFileSync("/proc/uptime", "latin1")) * 1_000;
}

afterEach(() => alignBootTime(uptimeMs()));

test("a moment of the steady clock is told as boot time, not later than it was and hardly earlier", () => {
  const { steadyMs } = systemClock.now();
  const toldMs = bootTimeAtMost(steadyMs);
  expect(toldMs).toBeLessThanOrEqual(uptimeMs() + stepMs);
  expect(toldMs).toBeGreaterThan(uptimeMs() - 1_000);
  expect(bootTimeAtMost(steadyMs + 20_000)).toBe(toldMs + 20_000);
  expect(steadyTimeOfBoot(toldMs)).toBeLessThanOrEqual(steadyMs);
  expect(steadyTimeOfBoot(toldMs)).toBeGreaterThan(steadyMs - 2);
});

test("a reading of the clock itself counts where /proc/uptime shows another", () => {
  const before = bootTimeAtMost(systemClock.now().steadyMs);
  expect(alignBootTime(uptimeMs())).toBe(0);
  const hostIsOlderMs = 1_000_000;
  expect(alignBootTime(before + hostIsOlderMs)).toBeGreaterThan(hostIsOlderMs - 1_000);
  const { steadyMs } = systemClock.now();
  expect(bootTimeAtMost(steadyMs)).toBeLessThanOrEqual(uptimeMs() + stepMs + hostIsOlderMs);
  expect(bootTimeAtMost(steadyMs)).toBeGreaterThan(before + hostIsOlderMs - 1_000);
});
