import { expect, test } from "vitest";
import { redialAfterMs } from "./backoff.ts";

test.each([
  { failures: 0, random: 0, waitMs: 100 },
  { failures: 0, random: 0.999_999, waitMs: 500 },
  { failures: 1, random: 0, waitMs: 0 },
  { failures: 1, random: 0.5, waitMs: 500 },
  { failures: 4, random: 0.5, waitMs: 4_000 },
  { failures: 5, random: 0.999_999, waitMs: 10_000 },
  { failures: 5_000, random: 0.5, waitMs: 5_000 },
])("after $failures failures and with $random it waits $waitMs ms", ({ failures, random, waitMs }) => {
  expect(redialAfterMs(failures, random)).toBeCloseTo(waitMs, 0);
});
