import { expect, test } from "vitest";
import { LeadershipGap } from "./leadership-gap.ts";

const leaseTtlMs = 3_000;
const never = Number.NEGATIVE_INFINITY;

test("nothing is measured where no leadership was known", () => {
  expect(new LeadershipGap(leaseTtlMs).untilMs(10_000, never)).toBeNull();
});

test("of a leader that resigned or died, it counts from when that was told", () => {
  const gap = new LeadershipGap(leaseTtlMs);
  gap.leads(9_700);
  gap.gone(10_000);
  expect(gap.untilMs(10_120, 9_990)).toBe(120);
});

test("that it is told twice changes nothing", () => {
  const gap = new LeadershipGap(leaseTtlMs);
  gap.leads(9_700);
  gap.gone(10_000);
  gap.gone(10_400);
  expect(gap.untilMs(10_500, 9_990)).toBe(500);
});

test("of a leader that fell silent, it counts from its last word", () => {
  const gap = new LeadershipGap(leaseTtlMs);
  gap.leads(10_000);
  expect(gap.untilMs(13_200, 12_900)).toBe(3_200);
});

test("without a word for long, it counts from one lease before the lease was last seen", () => {
  const gap = new LeadershipGap(leaseTtlMs);
  gap.leads(10_000);
  expect(gap.untilMs(100_200, 100_000)).toBe(3_200);
});

test("an earlier leader's end does not count once another has led", () => {
  const gap = new LeadershipGap(leaseTtlMs);
  gap.gone(10_000);
  gap.leads(11_000);
  expect(gap.untilMs(14_000, 13_900)).toBe(3_000);
});

test("of a leader that was known by its lease alone, an earlier one's end does not count", () => {
  const gap = new LeadershipGap(leaseTtlMs);
  gap.leads(9_900);
  gap.gone(10_000);
  expect(gap.untilMs(3_600_200, 3_600_000)).toBe(3_200);
});
