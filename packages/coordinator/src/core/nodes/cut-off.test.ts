/** Nodes that the leader does not hear: when another coordinator's word keeps them, and when it does not any more. */
import { expect, test } from "vitest";
import { World } from "../testing/world.ts";

const steadyForMs = 60_000;

/** The leader has not heard node "a" for 5 s, which runs a task; the standby tells every half second that it hears it. */
function cutOff(): { world: World; taskId: string } {
  const world = new World();
  world.join("a");
  const taskId = world.submit({});
  world.report("a", { taskId, state: "running" });
  world.silence("a");
  for (let waited = 0; waited < 5_000; waited += 500) {
    world.peer("standby", { silentNodeIds: [], silentForMs: [], steadyForMs });
    world.pass(500);
  }
  return { world, taskId };
}

function silentFor(world: World, ms: number): void {
  world.peer("standby", { silentNodeIds: ["a"], silentForMs: [ms], steadyForMs });
}

test("a beat that the other one misses loses nothing", () => {
  const { world, taskId } = cutOff();
  silentFor(world, 1_600);
  world.pass(500);
  expect(world.observation.cutOff.has("a")).toBe(true);
  silentFor(world, 2_100);
  world.pass(500);
  expect(world.state.lostNodes.size).toBe(0);
  expect(world.task(taskId).attempts).toHaveLength(1);
});

test("when the other one has not heard it for lostAfterMs either, it is lost", () => {
  const { world } = cutOff();
  silentFor(world, 2_900);
  world.pass(200);
  expect([...world.state.lostNodes]).toEqual(["a"]);
});

test("a node that dies is lost after lostAfterMs, whatever the other one heard before that", () => {
  const world = new World();
  world.join("a");
  world.pass(1_000);
  world.silence("a");
  world.peer("standby", { silentNodeIds: [], silentForMs: [], steadyForMs });
  world.pass(1_600);
  silentFor(world, 1_600);
  world.pass(1_000);
  silentFor(world, 2_600);
  expect(world.state.lostNodes.size).toBe(0);
  world.pass(500);
  expect(world.state.lostNodes.size).toBe(1);
});

test("a coordinator that hears a node and then is silent itself keeps it for lostAfterMs more", () => {
  const { world } = cutOff();
  world.pass(2_000);
  expect(world.state.lostNodes.size).toBe(0);
  world.pass(1_000);
  expect([...world.state.lostNodes]).toEqual(["a"]);
});

test("beats that are passed on keep a node whatever the last view says", () => {
  const { world } = cutOff();
  for (let waited = 0; waited < 4_000; waited += 1_000) {
    silentFor(world, 4_000);
    world.relayBeat("a", "standby");
    world.pass(1_000);
  }
  expect(world.state.lostNodes.size).toBe(0);
  world.pass(2_100);
  expect(world.state.lostNodes.size).toBe(1);
});

test("it is told once that a node is cut off, and once that it is heard again", () => {
  const { world } = cutOff();
  silentFor(world, 1_600);
  world.pass(500);
  world.peer("standby", { silentNodeIds: [], silentForMs: [], steadyForMs });
  world.pass(500);
  // All get their time again after a stall of our own, which does not bring it back.
  world.stall(1_000);
  world.peer("standby", { silentNodeIds: [], silentForMs: [], steadyForMs });
  world.pass(1_000);
  world.join("a", {}, [{ taskId: "main-000001", state: "running" }]);
  world.pass(500);
  const told = world.events().filter((event) => event === "node.cutOff a" || event === "node.heard a");
  expect(told).toEqual(["node.cutOff a", "node.heard a"]);
});

test("a cut-off node gets nothing new, and explain says why", () => {
  const { world } = cutOff();
  const waiting = world.submit({});
  world.pass(500);
  expect(world.task(waiting).state).toBe("pending");
  expect(world.explain(waiting).nodes).toMatchObject([
    { nodeId: "a", obstacles: ["it is cut off: only another coordinator hears it"] },
  ]);
});

test("what ends on a cut-off node is taken, and a cancel is ordered there", () => {
  const { world, taskId } = cutOff();
  world.write({ kind: "cancel", namespace: "default", target: { taskId }, reason: "" });
  expect(world.told("stop")).toMatchObject([{ nodeId: "a", taskId }]);
  world.report("a", { taskId, state: "cancelled" });
  expect(world.task(taskId).state).toBe("cancelled");
});

test("a lost node whose Hello comes through another coordinator is cut off, and stays while that one hears it", () => {
  const { world, taskId } = cutOff();
  world.pass(4_000);
  expect(world.state.lostNodes.size).toBe(1);
  silentFor(world, 4_000);
  world.relayBeat("a", "standby");
  sayHello(world, "a", [taskId]);
  expect(world.state.lostNodes.size).toBe(0);
  world.pass(500);
  expect(world.state.lostNodes.size).toBe(0);
  expect(world.observation.cutOff.has("a")).toBe(true);
});

test("a report that comes late brings nothing back to life on a lost node; an end is taken", () => {
  const { world, taskId } = cutOff();
  world.pass(4_000);
  expect(world.state.lostNodes.size).toBe(1);
  world.report("a", { taskId, state: "running" });
  expect(world.task(taskId).state).toBe("pending");
  world.report("a", { taskId, state: "succeeded" });
  expect(world.task(taskId).state).toBe("succeeded");
});

test("a node that the leader never heard joins through another coordinator, gets nothing, and can be lost", () => {
  const world = new World();
  world.pass(5_000);
  world.relayBeat("b", "standby");
  sayHello(world, "b", []);
  const waiting = world.submit({});
  world.pass(500);
  expect(world.task(waiting).state).toBe("pending");
  expect(world.observation.cutOff.has("b")).toBe(true);
  world.pass(3_000);
  expect([...world.state.lostNodes]).toEqual(["b"]);
});

function sayHello(world: World, nodeId: string, taskIds: readonly string[]): void {
  const allocatable = { cpuMillis: 8_000, memoryBytes: 2 ** 34, counts: {} };
  const machine = { hostname: nodeId, os: "linux", kernel: "6", arch: "x64", cpuModel: "", cpuCores: 8, gpus: [] };
  const rest = { memoryBytes: 2 ** 34, swapBytes: 0, manufacturer: "", model: "", virtualization: "" };
  const attempts = taskIds.map((taskId) => ({
    ...{ taskId, attempt: 1, state: "running" as const, reason: "", startedAtMs: 1, endedAtMs: 0 },
    ...{ exitCode: null, signal: "", outputTail: "", usage: null },
  }));
  const agent = { bootId: "boot", instanceId: `${nodeId}-agent`, agentVersion: "1", nodeClass: "default" };
  const inventory = { ...machine, ...rest, allocatable };
  const hello = { nodeId, ...agent, highestEpoch: 1, labels: {}, inventory, attempts };
  world.event({ kind: "hello", hello, seed: 1 });
}
