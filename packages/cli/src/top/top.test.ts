import type { ClusterStatusResponse, Node } from "@holdfast/shared/client/messages.ts";
import pc from "picocolors";
import { expect, test } from "vitest";
import { CpuHistory } from "./cpu-history.ts";
import { inOrder, type Picture, topFrame } from "./frame.ts";

const plain = pc.createColors(false);
const status: ClusterStatusResponse = { cell: "main", leaderId: "c1", nodes: { NODE_STATE_READY: 2 } };

function node(id: string, cpuUsed: number, change: Partial<Node> = {}): Node {
  const metrics = { measuredAtMs: 1, cpuUsed, memoryUsedBytes: 3, memoryAvailableBytes: 1, load1: 0.5 };
  return { id, state: "NODE_STATE_READY", metrics, ...change } as Node;
}

function picture(nodes: readonly Node[], change: Partial<Picture> = {}): Picture {
  return { status, nodes, cpuHistory: () => [0, 0.5, Number.NaN, 1], sort: "cpu", nowMs: 0, problem: "", ...change };
}

test("nodes in trouble stand first, then those that have most of what is sorted by", () => {
  const nodes = [node("a", 0.1), node("b", 0.9), node("c", 0.5, { state: "NODE_STATE_LOST" }), node("d", 0.9)];
  expect(inOrder(nodes, "cpu").map(({ id }) => id)).toEqual(["c", "b", "d", "a"]);
  expect(inOrder(nodes, "node").map(({ id }) => id)).toEqual(["c", "a", "b", "d"]);
});

test("what agents found on their nodes counts as trouble, and is told", () => {
  const sick = (health: "HEALTH_UNHEALTHY" | "HEALTH_DEGRADED") => ({
    checks: [{ name: "disk-space", health, reason: "/ is full" }],
  });
  const nodes = [node("a", 0.9), node("b", 0.1, sick("HEALTH_DEGRADED")), node("c", 0.1, sick("HEALTH_UNHEALTHY"))];
  expect(inOrder(nodes, "cpu").map(({ id }) => id)).toEqual(["c", "b", "a"]);
  const lines = topFrame(picture(nodes), { columns: 0, rows: 0 }, plain).split("\n");
  expect(lines.at(-2)).toMatch(/^b +ready +degraded .* disk-space: \/ is full$/);
});

test("a picture has the cluster, and a line for each node with its chart", () => {
  const lines = topFrame(picture([node("a", 0.99)]), { columns: 0, rows: 0 }, plain).split("\n");
  expect(lines.find((line) => line.startsWith("leader"))).toContain("c1");
  expect(lines.at(-1)).toMatch(/^a +ready +- +0 +▁▄ █ +99% +75% +- +0\.50/);
});

test("what was not measured is told as such", () => {
  const { metrics: _, ...bare } = node("a", 0);
  const lines = topFrame(picture([bare]), { columns: 0, rows: 0 }, plain).split("\n");
  expect(lines.at(-1)).toMatch(/^a +ready +- +0 .* - +- +- +-/);
});

test("a picture fits into its terminal, and tells how much it leaves out", () => {
  const nodes = Array.from({ length: 100 }, (_, index) =>
    node(`node-${index}`, 0.5, { reason: "a long reason ".repeat(20) }),
  );
  const lines = topFrame(picture(nodes), { columns: 80, rows: 24 }, plain).split("\n");
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  const shown = lines.filter((line) => line.startsWith("node-")).length;
  expect(shown).toBeGreaterThan(5);
  expect(lines.at(-1)).toBe(`and ${100 - shown} more nodes`);
});

test("what stands between the picture and the cluster is told in it", () => {
  const text = topFrame(picture([], { problem: "no coordinator answers" }), { columns: 0, rows: 0 }, plain);
  expect(text).toContain("no coordinator answers");
});

test("a measurement is taken once, after what was there before", () => {
  const history = new CpuHistory();
  history.add("a", 5, 0.1);
  expect(history.of("a"), "nothing has begun").toEqual([]);
  history.begin("a", [0.1, 0.2]);
  history.add("a", 5, 0.2);
  history.add("a", 5, 0.2);
  history.add("a", 10, 0.3);
  history.add("a", 15, -1);
  expect(history.of("a")).toEqual([0.1, 0.2, 0.3, Number.NaN]);
  for (let measured = 20; measured < 1_000; measured += 5) history.add("a", measured, 0.5);
  expect(history.of("a").length).toBeLessThanOrEqual(60);
});
