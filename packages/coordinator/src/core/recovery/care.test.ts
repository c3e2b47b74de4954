/** A leader that doubts the storage: what waits, for whom, and for how long at most. */
import { expect, test } from "vitest";
import { World } from "../testing/world.ts";

const log = { silentNodeIds: [], steadyForMs: 60_000 };
const refused = /unavailable the storage may have lost/;

/** A cluster that has run for a while, with another coordinator, and whose storage was started again. */
function doubting(over: { ownOrphans?: number } = {}): World {
  const world = new World();
  world.join("a");
  world.observation.listedMs.set("standby", world.nowMs);
  world.pass(5_000);
  world.peer("standby", log);
  world.elect({ epoch: 1, firstSequence: 9, serverId: "another", ...over });
  return world;
}

test("the first leader of a log, and one on the same server, has no reason to doubt", () => {
  const world = new World();
  expect(world.observation.care).toBeNull();
  expect(world.state.cluster.wholeOnServer).toBe("server");
  world.elect({ epoch: 1, firstSequence: 9 });
  expect(world.observation.care).toBeNull();
  expect(world.state.cluster.leaderships).toEqual([
    { epoch: 1, sequence: 1 },
    { epoch: 1, sequence: 9 },
  ]);
});

test("a server that has held the log all the time is doubted when it knows nothing of a leader that was met", () => {
  const world = new World();
  const { epoch } = world.state.cluster;
  world.elect({ epoch, firstSequence: 9, metEpoch: epoch });
  expect(world.observation.care, "that leader is in its log").toBeNull();
  world.elect({ epoch, firstSequence: 10, metEpoch: epoch + 1 });
  expect(world.observation.care).not.toBeNull();
  expect(world.state.cluster.wholeOnServer).toBe("");
});

test("submitters are asked to come again, and nothing is placed, until everybody has told", () => {
  const world = doubting();
  const id = "t";
  expect(() => world.submit({ id })).toThrow(refused);
  expect(() => world.write({ kind: "hold", namespace: "default", taskId: id })).toThrow(refused);
  world.write({ kind: "cordon", nodeId: "a", reason: "operators are served" });
  world.write({ kind: "uncordon", nodeId: "a" });
  world.pass(1_000);
  expect(() => world.submit({ id }), "the other coordinator has not compared yet").toThrow(refused);
  world.forgetTold();
  world.peer("standby", { ...log, reconciledEpoch: 1 });
  world.pass(100);
  expect(world.told("announce"), "agents are asked").toHaveLength(1);
  expect(() => world.submit({ id })).toThrow(refused);
  world.join("a");
  world.pass(100);
  expect(world.state.cluster.wholeOnServer).toBe("another");
  expect(world.task(world.submit({ id })).state).toBe("placed");
  expect(world.events()).toEqual(expect.arrayContaining(["storage.doubted storage", "storage.trusted storage"]));
});

test("a task that waits says why", () => {
  const world = doubting();
  const piece = { orphanId: "o", origin: "peer", end: { epoch: 1, sequence: 1 }, changedSince: null, isLast: true };
  const seen = new Map();
  const other = new World();
  const task = { ...other.task(other.submit({ id: "t" })) };
  const records = [
    { kind: "task" as const, id: "t", value: task },
    { kind: "body" as const, id: "t", value: "{}" },
  ];
  world.event({ kind: "merge", piece: { ...piece, seen, records } });
  expect(world.task("t").state).toBe("pending");
  expect(world.explain("t").summary).toMatch(/sure that the storage has lost nothing/);
});

test("a coordinator that does not answer is waited for as long as mergeWaitMs, a silent node until it is lost", () => {
  const world = doubting();
  world.pass(4_900);
  expect(world.observation.care?.phase).toBe("merging");
  world.silence("a");
  world.pass(200);
  expect(world.observation.care?.phase).toBe("asking");
  world.pass(3_100);
  expect(world.observation.care).toBeNull();
});

test("a node that beats and does not say what it runs holds nothing up for ever", () => {
  const world = doubting();
  world.peer("standby", { ...log, reconciledEpoch: 1 });
  world.pass(100);
  expect(world.observation.care?.phase).toBe("asking");
  world.pass(8_200);
  expect(world.observation.care).toBeNull();
});

test("who was started just now waits for coordinators that were started at the same time", () => {
  const world = new World();
  world.elect({ epoch: 1, firstSequence: 9, serverId: "another" });
  world.pass(1_000);
  expect(world.observation.care?.phase).toBe("merging");
  world.pass(2_000);
  expect(world.observation.care).toBeNull();
});

test("its own orphans come first", () => {
  const world = doubting({ ownOrphans: 1 });
  world.peer("standby", { ...log, reconciledEpoch: 1 });
  world.pass(10_000);
  expect(world.observation.care?.phase).toBe("merging");
  const piece = { orphanId: "o", origin: "leader", end: { epoch: 1, sequence: 1 }, records: [], changedSince: null };
  world.event({ kind: "merge", piece: { ...piece, seen: new Map(), isLast: true } });
  world.pass(100);
  expect(world.observation.care?.phase).toBe("asking");
});

test("what an agent tells of tasks that are not there yet is left open, and asked again when they are", () => {
  const world = doubting();
  world.forgetTold();
  const attempts = [
    { taskId: "lost-task", state: "running" as const },
    { taskId: "lost-end", state: "succeeded" as const },
  ];
  world.join("a", {}, attempts);
  expect(world.told("stop")).toEqual([]);
  expect(world.told("acknowledge")).toEqual([]);
  world.peer("standby", { ...log, reconciledEpoch: 1 });
  world.pass(100);
  world.join("a", {}, attempts);
  expect(world.told("stop").map(({ taskId }) => taskId)).toEqual(["lost-task"]);
  expect(world.told("acknowledge").map(({ taskId }) => taskId)).toEqual(["lost-end"]);
});

test("a leadership that ends in doubt leaves the doubt to the next", () => {
  const world = doubting();
  world.elect({ epoch: 1, firstSequence: 12, serverId: "another" });
  expect(world.observation.care).not.toBeNull();
});

test("a server that was replaced is not believed when it comes back in the middle of the doubt about its successor", () => {
  const world = doubting();
  world.elect({ epoch: 1, firstSequence: 12, serverId: "server" });
  expect(world.observation.care, "it may have copied its successor, and not to the end").not.toBeNull();
});

test("a server that does not say which it is is always doubted", () => {
  const world = doubting();
  world.elect({ epoch: 1, firstSequence: 12, serverId: "" });
  expect(world.observation.care).not.toBeNull();
});
