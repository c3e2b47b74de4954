import { expect, test } from "vitest";
import { openCgroups } from "./cgroup.ts";
import { TestNode } from "./testing.ts";

const support = await openCgroups(`holdfast-test-${process.pid}`);

test("it is said why there are no cgroups, or they are there", () => {
  if (support.kind === "unavailable") expect(support.reason).toMatch(/^no writable cgroup: ./);
  else expect([1, 2]).toContain(support.cgroups.version);
});

test.runIf(support.kind === "available")("a task runs in its cgroup, which is empty afterwards and goes", async () => {
  if (support.kind !== "available") return;
  await using node = await TestNode.open();
  const { cgroups } = support;
  const cgroupProcs = await cgroups.create("main-a.1", { cpuMillis: 500, memoryBytes: 256 * 1024 ** 2 });
  expect(cgroupProcs.length).toBeGreaterThan(0);
  node.start("main-a.1", ["sleep", "1000"], { cgroupProcs });
  const started = await node.started("main-a.1");
  expect(started.cgroupsJoined).toBe(cgroupProcs.length);
  expect(await cgroups.processes("main-a.1")).toEqual([started.taskPid]);
  expect(await cgroups.remove("main-a.1")).toBe(false);
  expect(await cgroups.kill("main-a.1")).toBe(1);
  expect(await node.ended("main-a.1")).toMatchObject({ signal: "SIGKILL", stopCause: "none" });
  expect(await cgroups.isEmpty("main-a.1")).toBe(true);
  expect(await cgroups.remove("main-a.1")).toBe(true);
  await cgroups.close();
});
