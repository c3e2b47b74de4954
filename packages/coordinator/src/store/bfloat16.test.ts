import { expect, test } from "vitest";
import { readBfloat16, writeBfloat16 } from "./bfloat16.ts";

function kept(value: number): number {
  const buffer = Buffer.alloc(2);
  writeBfloat16(buffer, 0, value);
  return readBfloat16(buffer, 0);
}

test.each([0, 1, 0.5, 0.25, 128, 2 ** 40, Number.NaN, Number.POSITIVE_INFINITY])("%d is kept as it is", (value) => {
  expect(kept(value)).toBe(value);
});

test("whatever lies between is off by 0.4 % at most, and by as much in either direction", () => {
  let sum = 0;
  for (let value = 1e-6; value < 1e15; value *= 1.37) {
    const error = kept(value) / value - 1;
    expect(Math.abs(error), String(value)).toBeLessThanOrEqual(1 / 256);
    sum += error;
  }
  expect(Math.abs(sum)).toBeLessThan(0.05);
});

test("two bytes of ones are no number", () => {
  expect(readBfloat16(Buffer.from([255, 255]), 0)).toBeNaN();
});
