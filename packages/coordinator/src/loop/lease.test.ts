import { expect, test } from "vitest";
import { Lease } from "./lease.ts";

const at = (steadyMs: number) => ({ wallMs: 0, steadyMs });

test("a lease holds for stepDownMs from when the last good renewal was sent", () => {
  const lease = new Lease(1, 2_000, 100);
  expect(lease.holds(at(2_099))).toBe(true);
  lease.renewed(1_000);
  expect(lease.holds(at(2_999))).toBe(true);
  expect(lease.holds(at(3_000))).toBe(false);
});

test("a lease that was found to have run out is not brought back by a renewal that is answered late", () => {
  const lease = new Lease(1, 2_000, 100);
  expect(lease.holds(at(2_100))).toBe(false);
  lease.renewed(1_000);
  expect(lease.holds(at(2_200))).toBe(false);
});

test("a renewal that is answered late takes nothing away", () => {
  const lease = new Lease(1, 2_000, 100);
  lease.renewed(1_000);
  lease.renewed(500);
  expect(lease.holds(at(2_999))).toBe(true);
});
