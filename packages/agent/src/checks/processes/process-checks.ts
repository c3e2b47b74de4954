/** The checks that walk all processes: those that are stuck in the kernel, and zombies. */
import type { CheckGroup } from "../finding.ts";
import { carryOver, judgeStuck, judgeZombies, type Lingering } from "./lingering.ts";
import { walkProcesses } from "./process-walk.ts";

export function processChecks(monotonicMs: () => number): CheckGroup {
  let lingering: Lingering[] = [];
  let looks = 0;
  return {
    sensor: "processes",
    names: ["stuck-processes", "zombies"],
    // The dearest of all looks, for what lasts minutes.
    everyMs: 60_000,
    slowAfterMs: 2_000,
    async look() {
      const seen = await walkProcesses();
      const nowMs = monotonicMs();
      lingering = carryOver(lingering, seen, nowMs);
      looks += 1;
      const watched = looks > 1;
      return new Map([
        ["stuck-processes", judgeStuck(lingering, nowMs, watched)],
        ["zombies", judgeZombies(lingering, nowMs, watched)],
      ]);
    },
  };
}
