/** What every archive must do. */
import { describe, expect, test } from "vitest";
import type { ArchivedValue, SeriesArchive } from "./archive.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Of today: storage forgets what is old. */
const startMs = Math.floor(Date.now() / (24 * hourMs)) * 24 * hourMs;

const cpu = (average: number, highest = average): ArchivedValue => ({ metric: "cpu_used", part: "", average, highest });
const disk = (part: string, average: number): ArchivedValue => ({
  metric: "disk_used",
  part,
  average,
  highest: average,
});

export function describeArchive(name: string, open: () => Promise<SeriesArchive>): void {
  describe(name, () => {
    test("what was written is read, step by step, with gaps where nothing was", async () => {
      const archive = await open();
      await archive.write("a", "minute", startMs + 59 * minuteMs, [cpu(0.5), disk("/var lib", 0.25)]);
      await archive.write("a", "minute", startMs + 61 * minuteMs + 30_000, [cpu(0.75)]);
      const read = await archive.read("a", "minute", startMs + 59 * minuteMs, startMs + 61 * minuteMs);
      expect(read).toHaveLength(2);
      expect(read).toContainEqual(expect.objectContaining({ metric: "cpu_used", averages: [0.5, Number.NaN, 0.75] }));
      expect(read).toContainEqual(
        expect.objectContaining({ metric: "disk_used", part: "/var lib", averages: [0.25, Number.NaN, Number.NaN] }),
      );
      archive.close();
    });

    test("hours have an average and a highest minute", async () => {
      const archive = await open();
      await archive.write("a", "hour", startMs + hourMs, [cpu(0.25, 1)]);
      expect(await archive.read("a", "hour", startMs, startMs + hourMs)).toEqual([
        { metric: "cpu_used", part: "", averages: [Number.NaN, 0.25], highest: [Number.NaN, expect.closeTo(1, 1)] },
      ]);
      expect(await archive.read("a", "minute", startMs, startMs + hourMs), "minutes stand apart").toEqual([]);
      archive.close();
    });

    test("the same step again replaces it", async () => {
      const archive = await open();
      await archive.write("a", "minute", startMs, [cpu(0.5), disk("/", 0.5)]);
      await archive.write("a", "minute", startMs, [cpu(0.25)]);
      expect(await archive.read("a", "minute", startMs, startMs)).toEqual([
        { metric: "cpu_used", part: "", averages: [0.25], highest: [0.25] },
      ]);
      archive.close();
    });

    test("nodes stand apart, and a period without steps has nothing", async () => {
      const archive = await open();
      await archive.write("a", "minute", startMs, [cpu(0.5)]);
      expect(await archive.read("b", "minute", startMs, startMs)).toEqual([]);
      expect(await archive.read("a", "minute", startMs, startMs - 1)).toEqual([]);
      archive.close();
    });
  });
}
