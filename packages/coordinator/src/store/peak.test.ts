import { expect, test } from "vitest";
import { readPeak, writePeak } from "./peak.ts";

function kept(average: number, highest: number): number {
  const buffer = Buffer.alloc(1);
  writePeak(buffer, 0, average, highest);
  return readPeak(buffer, 0, average);
}

test("any highest of 60 minutes is kept to 0.9 %", () => {
  for (const average of [1e-6, 0.3, 7, 2e12]) {
    for (let ratio = 1; ratio <= 60; ratio *= 1.01) {
      expect(Math.abs(kept(average, average * ratio) / (average * ratio) - 1), String(ratio)).toBeLessThan(0.009);
    }
  }
});

test("an hour of nothing, and one of always the same", () => {
  expect(kept(0, 0)).toBe(0);
  expect(kept(0.5, 0.5)).toBe(0.5);
});

test("what cannot be is bounded", () => {
  expect(kept(1, 0.5)).toBe(1);
  expect(kept(1, 1e9)).toBeCloseTo(60, 0);
});
