import { expect, test } from "vitest";
import { IdGenerator } from "./ids.ts";

function fill(value: number): (buffer: Uint8Array) => void {
  return (buffer) => buffer.fill(value);
}

test("an id is the cell and a ULID in lower case", () => {
  // The example of the ULID specification: 1469918176385 ms is 01ARYZ6S41.
  expect(new IdGenerator("main", () => 1_469_918_176_385, fill(0)).next()).toBe("main-01aryz6s410000000000000000");
});

test("ids grow within a millisecond, across a clock that goes back, and past the end of the random part", () => {
  const times = [1_000, 1_000, 900, 1_001];
  let at = 0;
  const growing = new IdGenerator("main", () => times[at++] ?? 0, fill(7));
  const ids = times.map(() => growing.next());
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(4);

  const full = new IdGenerator("main", () => 1_000, fill(31));
  const [first, second] = [full.next(), full.next()];
  expect(first.endsWith("zzzzzzzzzzzzzzzz")).toBe(true);
  expect(second > first).toBe(true);
});
