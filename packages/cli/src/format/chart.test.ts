import pc from "picocolors";
import { expect, test } from "vitest";
import { seriesCharts } from "./chart.ts";

const plain = pc.createColors(false);

test("a line for each series: its chart, what it is now, and its lowest and highest", () => {
  const text = seriesCharts(
    {
      stepMs: 5_000,
      series: [
        { metric: "network_sent_bytes", part: "eth0", values: [0, 2048, 1024] },
        { metric: "cpu_used", part: "", values: [0, 0.5, Number.NaN, 1] },
        { metric: "gpu_used", part: "0", values: [Number.NaN] },
        { metric: "what-a-newer-version-measures", part: "", values: [1] },
      ],
    },
    plain,
  );
  const [head, cpu, sent, ...rest] = text.split("\n");
  expect(head).toMatch(/^MEASURED +THE LAST 20s +NOW +LOWEST +HIGHEST$/);
  expect(cpu).toMatch(/^cpu +▁▄ █ +100% +0% +100%$/);
  expect(sent).toMatch(/^sent eth0 +▁█▄ +1 KiB\/s +0 B\/s +2 KiB\/s$/);
  expect(rest).toEqual([]);
});

test("a short peak is seen in a long period", () => {
  const values = Array.from({ length: 360 }, (_, minute) => (minute === 200 ? 1 : 0));
  const text = seriesCharts({ stepMs: 60_000, series: [{ metric: "cpu_used", part: "", values }] }, plain);
  expect(text).toContain("THE LAST 6h");
  expect([...text].filter((tick) => tick === "█")).toHaveLength(1);
});

test("of hours, the highest minutes are drawn", () => {
  const series = [{ metric: "cpu_used", part: "", values: [0.25, 0.25], highest: [0.25, 1] }];
  expect(seriesCharts({ stepMs: 3_600_000, series }, plain).split("\n")[1]).toMatch(/^cpu +▂█ +25% +25% +100%$/);
});

test("nothing measured, nothing shown", () => {
  expect(seriesCharts({ stepMs: 5_000, series: [] }, plain)).toBe("");
});
