import { expect, test } from "vitest";
import { Random } from "../random.ts";
import { planOf } from "../run/run-seed.ts";
import { onStackOfItsOwn } from "../time/drain.ts";
import { withoutRealWorld } from "../time/no-real-world.ts";
import { runWorld } from "./run-world.ts";
import { World } from "./world.ts";
import { WorldLog } from "./world-log.ts";

const minuteMs = 60_000;
/** After its end a minute is written by then. */
const settledWithinMs = 50_000;

test("whoever leads archives the minutes of every node", async () => {
  const { shape } = planOf(1);
  const world = await onStackOfItsOwn(() => {
    const quiet = new World(shape, new Random(1).stream("world"), new WorldLog(null));
    const rethrow = (error: unknown) => {
      throw error;
    };
    withoutRealWorld(() => runWorld(quiet, { faults: [], work: [] }, () => false), rethrow);
    return quiet;
  });
  const nowMs = world.leading?.process?.now().wallMs ?? 0;
  expect(nowMs, "somebody should lead at the end").toBeGreaterThan(0);
  const wholeMinutes = Math.floor((shape.endMs - settledWithinMs) / minuteMs);
  expect(wholeMinutes).toBeGreaterThan(0);
  for (const { nodeId } of world.agents) {
    const series = await world.archive.read(nodeId, "minute", nowMs - shape.endMs, nowMs);
    const cpu = series.find(({ metric }) => metric === "cpu_used");
    const kept = (cpu?.averages ?? []).filter((value) => !Number.isNaN(value));
    expect(kept.length, `minutes of ${nodeId}`).toBeGreaterThanOrEqual(wholeMinutes);
    expect(Math.max(...kept), "what its agent measures").toBeLessThan(0.5);
  }
});
