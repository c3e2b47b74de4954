/** The rules of merging, one by one. */
import { expect, test } from "vitest";
import { TwoHistories } from "../testing/two-histories.ts";
import type { World } from "../testing/world.ts";

const twoNodes = (world: World) => {
  world.join("a");
  world.join("b");
};
const running = (world: World) => {
  twoNodes(world);
  const id = world.submit({ id: "t", requestId: "r" });
  world.report(world.nodeOf(id), { taskId: id, state: "running" });
};

test("a task that was lost is there again with its request, and goes on from where it was", () => {
  const histories = new TwoHistories(twoNodes);
  const { lost, ours } = histories;
  lost.submit({ id: "pending", requestId: "r1", notBeforeMs: 2 ** 42 });
  const placed = lost.submit({ id: "placed", requestId: "r2" });
  lost.report(lost.nodeOf(placed), { taskId: placed, state: "running" });
  lost.report(lost.nodeOf(lost.submit({ id: "ended" })), { taskId: "ended", state: "succeeded" });
  ours.forgetTold();
  histories.merge();
  expect(["pending", "placed", "ended"].map((id) => ours.task(id).state)).toEqual(["pending", "running", "succeeded"]);
  expect(ours.submit({ id: "other", requestId: "r1", notBeforeMs: 2 ** 42 }), "the same request").toBe("pending");
  expect(ours.told("inquire").map(({ nodeId }) => nodeId)).toEqual([ours.nodeOf("placed")]);
  expect(ours.told("merged")).toEqual([{ kind: "merged", orphanId: histories.orphan().orphanId, origin: "peer" }]);
  expect(ours.events()).toContain("storage.merged peer");
});

test("its node says that it knows nothing of it: it is given to another", () => {
  const histories = new TwoHistories(twoNodes);
  const { lost, ours } = histories;
  lost.submit({ id: "t" });
  lost.report(lost.nodeOf("t"), { taskId: "t", state: "running" });
  histories.merge();
  const node = ours.nodeOf("t");
  ours.join(node);
  expect(ours.task("t").attempts.map(({ number, state }) => [number, state])).toEqual([
    [1, "lost"],
    [2, "placed"],
  ]);
});

test("attempts stay in order where the orphan has forgotten the oldest", () => {
  const histories = new TwoHistories(running);
  const { lost, ours } = histories;
  lost.report(lost.nodeOf("t"), { taskId: "t", state: "lost" });
  lost.report(lost.nodeOf("t"), { taskId: "t", attempt: 2, state: "succeeded" });
  const { records, ...orphan } = histories.orphan();
  const last = lost.task("t").attempts.slice(1);
  const kept = records.map((one) =>
    one.kind === "task" ? { ...one, value: { ...lost.task("t"), attempts: last } } : one,
  );
  histories.merge({ ...orphan, records: kept });
  expect(ours.task("t")).toMatchObject({ state: "succeeded", attempts: [{ number: 1 }, { number: 2 }] });
});

test("what ran on a node that is lost meanwhile is lost with it", () => {
  const histories = new TwoHistories(twoNodes);
  const { lost, ours } = histories;
  lost.submit({ id: "t" });
  const node = lost.nodeOf("t");
  lost.report(node, { taskId: "t", state: "running" });
  ours.silence(node);
  ours.pass(4_000);
  histories.merge();
  expect(ours.task("t").attempts[0]).toMatchObject({ nodeId: node, state: "lost" });
  expect(ours.nodeOf("t")).not.toBe(node);
});

test("an exclusive task that comes back is not placed before all nodes have told whether they run it", () => {
  const histories = new TwoHistories(twoNodes);
  const { lost, ours } = histories;
  ours.pass(1_000);
  lost.submit({ id: "t", exclusive: true, notBeforeMs: ours.state.nodes.size });
  const placed = lost.task("t");
  const pending = { ...placed, state: "pending" as const, attempts: [] };
  ours.join("b", {}, [{ taskId: "t", state: "running" }]);
  expect(ours.told("stop"), "nobody knows it yet").toMatchObject([{ nodeId: "b", taskId: "t", attempt: 1 }]);
  const { records, ...orphan } = histories.orphan();
  const older = records.map((one) => (one.kind === "task" ? { ...one, value: pending } : one));
  ours.forgetTold();
  histories.merge({ ...orphan, records: older, isLast: false });
  expect(ours.told("announce"), "there is more to come").toEqual([]);
  histories.merge({ ...orphan, records: [] });
  expect(ours.told("announce"), "all are asked, once").toHaveLength(1);
  ours.join("a");
  expect(ours.task("t").state, "b has not answered").toBe("pending");
  ours.join("b", {}, [{ taskId: "t", state: "stopping" }]);
  ours.pass(1_000);
  expect(ours.task("t").attempts).toMatchObject([{ number: 1, nodeId: "b", state: "stopping" }]);
  ours.report("b", { taskId: "t", state: "cancelled" });
  expect(ours.task("t").attempts).toMatchObject([{ state: "cancelled" }, { number: 2, state: "placed" }]);
});

test("an end that was lost ends the task, and what runs of ours is stopped", () => {
  const histories = new TwoHistories(running);
  const { lost, ours } = histories;
  lost.report(lost.nodeOf("t"), { taskId: "t", state: "succeeded" });
  const node = ours.nodeOf("t");
  ours.join(node);
  expect(
    ours.task("t").attempts.map(({ state }) => state),
    "ours has started it again",
  ).toEqual(["lost", "placed"]);
  histories.merge();
  expect(ours.task("t")).toMatchObject({ state: "succeeded" });
  expect(ours.task("t").attempts.map(({ number, state, stop }) => [number, state, stop])).toEqual([
    [1, "succeeded", null],
    [2, "stopping", "superseded"],
  ]);
  expect(ours.told("stop")).toMatchObject([{ taskId: "t", attempt: 2, cause: "superseded" }]);
});

test("how an attempt ended in ours stays, also where the orphan ends the task", () => {
  const histories = new TwoHistories((world) => {
    twoNodes(world);
    const id = world.submit({ id: "t", maxRetries: 3, backoffMs: 60_000 });
    world.report(world.nodeOf(id), { taskId: id, state: "running" });
  });
  const { lost, ours } = histories;
  const node = ours.nodeOf("t");
  ours.report(node, { taskId: "t", state: "failed", reason: "exit code 1" });
  lost.silence(node);
  lost.pass(4_000);
  lost.report(lost.nodeOf("t"), { taskId: "t", attempt: 2, state: "succeeded" });
  histories.merge();
  expect(ours.task("t").state).toBe("succeeded");
  expect(ours.task("t").attempts).toMatchObject([
    { number: 1, nodeId: node, state: "failed", reason: "exit code 1" },
    { number: 2, state: "succeeded" },
  ]);
});

test("an end of ours stays, whatever the orphan says", () => {
  const histories = new TwoHistories(running);
  const { lost, ours } = histories;
  ours.report(ours.nodeOf("t"), { taskId: "t", state: "failed", reason: "exit code 1" });
  lost.report(lost.nodeOf("t"), { taskId: "t", state: "succeeded" });
  histories.merge();
  expect(ours.task("t")).toMatchObject({ state: "failed", reason: "exit code 1" });
});

test("what changes while an orphan is on its way has changed since, too", () => {
  const histories = new TwoHistories(running);
  const { lost, ours } = histories;
  const node = ours.nodeOf("t");
  lost.silence(node);
  lost.pass(4_000);
  const orphan = histories.orphan();
  ours.write({ kind: "cancel", namespace: "default", target: { taskId: "t" }, reason: "" });
  ours.write({ kind: "cordon", nodeId: node, reason: "it smokes" });
  histories.merge(orphan);
  expect(ours.task("t").state).toBe("stopping");
  expect(ours.state.nodes.get(node)).toMatchObject({ cordoned: true, cordonReason: "it smokes" });
});

test("of two that live, the orphan's counts only if ours has not changed since", () => {
  const pending = (world: World) => void world.submit({ id: "t", notBeforeMs: world.state.nodes.size });
  const unchanged = new TwoHistories(pending);
  unchanged.lost.write({ kind: "hold", namespace: "default", taskId: "t" });
  unchanged.merge();
  expect(unchanged.ours.task("t").held).toBe(true);

  const changed = new TwoHistories(pending);
  changed.lost.write({ kind: "hold", namespace: "default", taskId: "t" });
  changed.ours.join("a");
  expect(changed.ours.task("t").state).toBe("placed");
  changed.merge();
  expect(changed.ours.task("t")).toMatchObject({ state: "placed", held: false });
  const unknown = new TwoHistories(pending);
  unknown.lost.write({ kind: "hold", namespace: "default", taskId: "t" });
  unknown.merge(unknown.orphan({ changedSince: null }));
  expect(unknown.ours.task("t").held, "where it is not known, ours stays").toBe(false);
});

test("a cancel that was acknowledged and lost is done again, also where ours has gone on", () => {
  const histories = new TwoHistories(running);
  const { lost, ours } = histories;
  lost.write({ kind: "cancel", namespace: "default", target: { taskId: "t" }, reason: "" });
  ours.join(ours.nodeOf("t"));
  histories.merge();
  expect(ours.task("t").state).toBe("stopping");
  expect(ours.told("stop").at(-1)).toMatchObject({ taskId: "t", attempt: 2, cause: "cancelled" });
});

test("a task that ours has forgotten since its end does not come back", () => {
  const histories = new TwoHistories(running);
  const { lost, ours } = histories;
  lost.write({ kind: "cancel", namespace: "default", target: { taskId: "t" }, reason: "" });
  ours.report(ours.nodeOf("t"), { taskId: "t", state: "succeeded" });
  ours.stall(25 * 3_600_000);
  ours.tick();
  expect(ours.state.findTask("t")).toBeUndefined();
  // Its body is older than the orphan.
  const orphan = histories.orphan({ changedSince: null });
  histories.merge({ ...orphan, records: orphan.records.filter(({ kind }) => kind !== "body") });
  expect(ours.state.findTask("t")).toBeUndefined();
});

test("one request that both have accepted: ours is its answer, the other is told which", () => {
  const histories = new TwoHistories(twoNodes);
  const { lost, ours } = histories;
  lost.submit({ id: "theirs", requestId: "r", body: '{"argv":["x"]}' });
  lost.report(lost.nodeOf("theirs"), { taskId: "theirs", state: "running" });
  lost.submit({ id: "theirs-ended", requestId: "e", body: "{}" });
  lost.report(lost.nodeOf("theirs-ended"), { taskId: "theirs-ended", state: "succeeded" });
  lost.submit({ id: "theirs-other", requestId: "o", body: '{"argv":["y"]}', notBeforeMs: 2 ** 42 });
  ours.submit({ id: "ours", requestId: "r", body: '{"argv":["x"]}' });
  ours.submit({ id: "ours-running", requestId: "e", body: "{}" });
  ours.submit({ id: "ours-other", requestId: "o", body: '{"argv":["z"]}' });
  histories.merge();
  expect(ours.task("ours").state).toBe("placed");
  expect(ours.task("theirs")).toMatchObject({
    state: "cancelled",
    requestId: "",
    reason: expect.stringMatching(/ours/),
  });
  expect(ours.told("stop")).toMatchObject([{ taskId: "theirs", attempt: 1, cause: "superseded" }]);
  expect(ours.task("theirs-ended").state, "a result stays readable").toBe("succeeded");
  expect(ours.task("theirs-other").state, "another body is work of its own").toBe("pending");
  expect(["r", "e", "o"].map((id) => ours.state.requests.get(`default ${id}`))).toEqual([
    "ours",
    "ours-running",
    "ours-other",
  ]);
});

test("a batch that both have accepted: the tasks of ours run, those of the other do not", () => {
  const histories = new TwoHistories(twoNodes);
  const submit = (world: World, batchId: string, ids: readonly string[]) => {
    const items = ids.map((id) => ({ id }));
    return world.submitBatch(items, false, { batchId, requestId: "r", bodyHash: "same" });
  };
  submit(histories.lost, "theirs", ["t1", "t2"]);
  submit(histories.ours, "ours", ["o1", "o2"]);
  histories.merge();
  const { ours } = histories;
  expect(["t1", "t2", "o1", "o2"].map((id) => ours.task(id).state)).toEqual([
    "cancelled",
    "cancelled",
    "placed",
    "placed",
  ]);
  expect(ours.task("t1").reason).toMatch(/ours/);
  expect(submit(ours, "again", ["x1", "x2"])).toMatchObject({ batchId: "ours", taskIds: ["o1", "o2"] });
});

test("nodes: what an operator asked for is not undone, and liveness is the leader's own", () => {
  const histories = new TwoHistories(twoNodes);
  const { lost, ours } = histories;
  lost.join("c");
  for (const nodeId of ["a", "b"]) lost.write({ kind: "cordon", nodeId, reason: "broken fan" });
  lost.write({ kind: "drain", nodeId: "b", deadlineMs: 60_000, reason: "broken disk" });
  ours.join("b", {}, [], {}, "other-boot");
  histories.merge();
  const nodes = ["a", "b", "c"].map((id) => ours.state.nodes.get(id));
  expect(nodes).toMatchObject([
    { cordoned: true, cordonReason: "broken fan" },
    { cordoned: true, cordonReason: "broken disk", bootId: "other-boot", drainDeadlineMs: expect.any(Number) },
    { id: "c", cordoned: false },
  ]);
  ours.pass(4_000);
  expect(ours.state.nodes.get("c")?.lostAtMs, "a node that nobody hears is lost in its time").toBeGreaterThan(0);
  expect(ours.state.nodes.get("a")?.lostAtMs).toBe(0);
});

test("whether placement is paused: what an operator said last counts", () => {
  const histories = new TwoHistories((world) => world.write({ kind: "pausePlacement", reason: "maintenance" }));
  const { lost, ours } = histories;
  const orphan = () => {
    const record = { kind: "cluster" as const, id: "cluster", value: lost.state.cluster };
    return { ...histories.orphan(), records: [record] };
  };
  lost.pass(100);
  lost.write({ kind: "resumePlacement" });
  histories.merge(orphan());
  expect(ours.state.cluster.placementPaused, "it was resumed, and that was lost").toBe(false);
  ours.pass(200);
  ours.write({ kind: "pausePlacement", reason: "once more" });
  histories.merge(orphan());
  expect(ours.state.cluster).toMatchObject({ placementPaused: true, placementPausedReason: "once more" });
});

test("what an operator said last counts, also when it was heard by a coordinator whose clock is behind", () => {
  const histories = new TwoHistories((world) => world.write({ kind: "pausePlacement", reason: "maintenance" }));
  const { lost, ours } = histories;
  lost.setWallClock(-60_000);
  lost.write({ kind: "resumePlacement" });
  const record = { kind: "cluster" as const, id: "cluster", value: lost.state.cluster };
  histories.merge({ ...histories.orphan(), records: [record] });
  expect(ours.state.cluster.placementPaused).toBe(false);
});

test("what was said to a later leadership counts, whatever its clock shows", () => {
  const histories = new TwoHistories();
  const { lost, ours } = histories;
  lost.write({ kind: "pausePlacement", reason: "maintenance" });
  ours.elect({ epoch: 2 });
  ours.setWallClock(-60_000);
  ours.write({ kind: "resumePlacement" });
  const record = { kind: "cluster" as const, id: "cluster", value: lost.state.cluster };
  histories.merge({ ...histories.orphan(), records: [record] });
  expect(ours.state.cluster.placementPaused, "it was resumed later").toBe(false);
  ours.write({ kind: "pausePlacement", reason: "night" });
  lost.elect({ epoch: 3 });
  lost.setWallClock(-120_000);
  lost.write({ kind: "resumePlacement" });
  histories.merge({ ...histories.orphan(), records: [{ ...record, value: lost.state.cluster }] });
  expect(ours.state.cluster.placementPaused, "and paused, and resumed by a later one").toBe(false);
});

test("of several orphans, the one that reaches further counts, in any order", () => {
  const made = () => {
    const histories = new TwoHistories((world) => void world.submit({ id: "t" }));
    histories.lost.join("a");
    const short = histories.orphan();
    histories.lost.pass(100);
    histories.lost.report("a", { taskId: "t", state: "running" });
    return { histories, short, long: histories.orphan() };
  };
  for (const order of [
    ["short", "long"],
    ["long", "short"],
    ["long", "long", "short", "short"],
  ] as const) {
    const { histories, ...orphans } = made();
    for (const name of order) histories.merge(orphans[name]);
    expect(histories.ours.task("t").state, order.join()).toBe("running");
  }
});
