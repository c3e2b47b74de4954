/** Exclusive tasks by scenarios: when leases are granted, and when a task may go on elsewhere. */
import { expect, test } from "vitest";
import { defaultSettings } from "../settings.ts";
import { World } from "../testing/world.ts";

const { exclusiveLeaseMs, exclusiveReassignMs, leaseTtlMs } = defaultSettings;

/** An exclusive task that runs on a, with b there to take it over. */
function running(): { world: World; id: string } {
  const world = new World();
  world.join("a");
  const id = world.submit({ exclusive: true, maxRetries: 0 });
  world.report("a", { taskId: id, state: "running" });
  world.join("b");
  return { world, id };
}

/** The same with a lost, and the time that has passed since it fell silent. */
function silenced(): { world: World; id: string; passedMs: number } {
  const { world, id } = running();
  world.pass(10_000);
  world.silence("a");
  const passedMs = 4_000;
  world.pass(passedMs);
  expect(world.state.lostNodes.has("a"), "a is lost").toBe(true);
  return { world, id, passedMs };
}

const reassigned = { state: "placed", failures: 0, attempts: [{ state: "lost" }, { number: 2, nodeId: "b" }] };

test("a start carries the first lease, and further ones are granted by beats", () => {
  const { world, id } = running();
  expect(world.told("start")).toMatchObject([{ taskId: id, leaseMs: exclusiveLeaseMs }]);
  world.pass(10_000);
  const grants = world.told("grant");
  expect(grants.length, "about ten in a lease's time").toBeGreaterThanOrEqual(4);
  expect(grants.length).toBeLessThanOrEqual(6);
  expect(grants[0]).toEqual({
    kind: "grant",
    nodeId: "a",
    attempts: [{ taskId: id, attempt: 1 }],
    leaseMs: exclusiveLeaseMs,
  });
  world.silence("a");
  world.pass(defaultSettings.suspectAfterMs);
  world.forgetTold();
  world.pass(10_000);
  expect(world.told("grant"), "a node that is not heard gets none").toEqual([]);
});

test("a task that is not exclusive gets no lease", () => {
  const world = new World();
  world.join("a");
  world.submit({});
  world.pass(5_000);
  expect(world.told("start")).toMatchObject([{ leaseMs: 0 }]);
  expect(world.told("grant")).toEqual([]);
});

test("what runs on a lost node is given to another when its lease is over for certain, not before", () => {
  const { world, id, passedMs } = silenced();
  expect(world.task(id)).toMatchObject({ state: "running", attempts: [{ state: "running" }] });
  expect(world.task(id).reason).toMatch(/^its node a was lost .* until .* any more: \d\d:\d\d:\d\d UTC$/);
  const lastGrantAtMost = 100;
  world.pass(exclusiveReassignMs - passedMs - exclusiveLeaseMs / 10 - lastGrantAtMost);
  expect(world.task(id).state, "nobody else has it before the bound").toBe("running");
  world.pass(exclusiveLeaseMs / 10 + 2 * lastGrantAtMost);
  expect(world.task(id)).toMatchObject(reassigned);
});

test.each([
  ["the agent reports the end", (world: World, id: string) => world.report("a", { taskId: id, state: "lost" })],
  ["the machine comes with another boot id", (world: World) => world.join("a", {}, [], {}, "another boot")],
  [
    "an operator confirms that the node is dead",
    (world: World) => world.write({ kind: "confirmDead", nodeId: "a", reason: "unplugged" }),
  ],
])("earlier on proof: %s", (_, prove) => {
  const { world, id } = silenced();
  prove(world, id);
  world.tick();
  const task = world.task(id);
  expect(task).toMatchObject({ state: "placed", failures: 0, attempts: [{ state: "lost" }, { number: 2 }] });
});

test("a node that is not lost cannot be confirmed dead", () => {
  const { world } = running();
  const confirm = () => world.write({ kind: "confirmDead", nodeId: "a", reason: "" });
  expect(confirm).toThrow(/failedPrecondition .*a is not lost/);
});

test("a node that returns before the bound goes on with its attempt, and gets leases again", () => {
  const { world, id } = silenced();
  world.forgetTold();
  world.join("a", {}, [{ taskId: id, attempt: 1, state: "running" }]);
  expect(world.task(id)).toMatchObject({ state: "running", reason: "", attempts: [{ state: "running", reason: "" }] });
  world.pass(exclusiveReassignMs);
  expect(world.task(id).attempts).toHaveLength(1);
  expect(world.told("grant")).not.toEqual([]);
});

test("that the agent does not know an attempt any more is no proof: it gets no more leases, and waits for the bound", () => {
  const { world, id } = running();
  world.pass(5_000);
  world.join("a");
  world.forgetTold();
  world.pass(exclusiveReassignMs - exclusiveLeaseMs / 10 - 200);
  expect(world.task(id)).toMatchObject({ state: "running", attempts: [{ state: "running" }] });
  expect(world.told("grant")).toEqual([]);
  world.pass(exclusiveLeaseMs / 10 + 400);
  expect(world.task(id)).toMatchObject({ state: "placed", attempts: [{ state: "lost" }, { number: 2 }] });
});

test("an attempt that was only placed and that the agent does not know is ordered again there, whatever it was", () => {
  for (const bootId of ["boot", "another boot"]) {
    const world = new World();
    world.join("a");
    world.join("b");
    const id = world.submit({ exclusive: true });
    const nodeId = world.nodeOf(id);
    world.forgetTold();
    world.join(nodeId, {}, [], {}, bootId);
    expect(world.told("start"), bootId).toMatchObject([{ nodeId, taskId: id, attempt: 1, leaseMs: exclusiveLeaseMs }]);
    expect(world.task(id).attempts).toMatchObject([{ number: 1, state: "placed" }]);
  }
});

test("an attempt that was only placed is not ordered again while another may run that storage has lost", () => {
  const world = new World();
  world.join("a");
  const id = world.submit({ exclusive: true });
  world.join("b");
  // Storage has lost that a's machine was confirmed dead, and that b was given the task then.
  world.elect({ firstSequence: 9, serverId: "another" });
  world.pass(defaultSettings.mergeWaitMs + 100);
  world.forgetTold();
  world.join("a", {}, [], {}, "another boot");
  expect(world.told("start"), "b has not told what it runs").toEqual([]);
  expect(world.told("stop")).toMatchObject([{ nodeId: "a", taskId: id, attempt: 1 }]);
  world.join("b", {}, [{ taskId: id, attempt: 2, state: "running" }]);
  world.report("a", { taskId: id, state: "cancelled", startedAtMs: 0 });
  world.pass(3_000);
  expect(world.told("start"), "b has not stopped it yet").toEqual([]);
  world.report("b", { taskId: id, attempt: 2, state: "cancelled" });
  world.pass(2_000);
  expect(world.told("start")).toMatchObject([{ taskId: id, attempt: 3 }]);
});

test("a new leader waits as long as an earlier one may have granted, whatever it knows itself", () => {
  const { world, id } = silenced();
  world.pass(10_000);
  world.elect();
  world.join("b");
  world.pass(leaseTtlMs + exclusiveReassignMs - 200);
  expect(world.task(id)).toMatchObject({ state: "running", attempts: [{ state: "running" }] });
  world.pass(400);
  expect(world.task(id)).toMatchObject(reassigned);
});

test("what a new leader has placed itself, no earlier one has granted anything", () => {
  const world = new World();
  world.join("a");
  world.elect();
  world.join("a");
  const id = world.submit({ exclusive: true });
  world.report("a", { taskId: id, state: "running" });
  world.join("b");
  world.silence("a");
  world.pass(exclusiveReassignMs + 100);
  expect(world.task(id)).toMatchObject(reassigned);
});

test("leases that run out are no losses of nodes, and poison no task", () => {
  const world = new World();
  for (const node of ["a", "b", "c", "d"]) world.join(node);
  const id = world.submit({ exclusive: true });
  const nodes = new Set<string>();
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const nodeId = world.nodeOf(id);
    nodes.add(nodeId);
    world.report(nodeId, { taskId: id, attempt, state: "running" });
    world.report(nodeId, { taskId: id, attempt, state: "lost", reason: "its lease ran out" });
  }
  expect(nodes.size).toBe(3);
  expect(world.task(id)).toMatchObject({ state: "placed", failures: 0, attempts: [{ stop: "leaseOver" }, {}, {}, {}] });
});

test("a cancelled attempt on a lost node ends when its lease is over, not before", () => {
  const { world, id } = silenced();
  world.write({ kind: "cancel", namespace: "default", target: { taskId: id }, reason: "" });
  world.pass(10_000);
  expect(world.task(id)).toMatchObject({ state: "stopping", reason: "cancelled on request" });
  world.pass(exclusiveReassignMs);
  expect(world.task(id)).toMatchObject({
    state: "cancelled",
    reason: "cancelled on request; its node a is lost",
    attempts: [{ state: "lost" }],
  });
});

test.each([true, false])(
  "a stop that the agent does not know of is repeated; its answer is the end (exclusive: %s)",
  (exclusive) => {
    const world = new World();
    world.join("a");
    const id = world.submit({ exclusive });
    world.write({ kind: "cancel", namespace: "default", target: { taskId: id }, reason: "" });
    world.forgetTold();
    world.join("a");
    expect(world.told("stop")).toMatchObject([{ nodeId: "a", taskId: id, attempt: 1, cause: "cancelled" }]);
    expect(world.task(id).state).toBe("stopping");
    world.report("a", { taskId: id, state: "cancelled" });
    expect(world.task(id).state).toBe("cancelled");
  },
);

test("an attempt that was lost and runs after all is stopped as soon as a successor is ordered", () => {
  const { world, id } = silenced();
  world.write({ kind: "confirmDead", nodeId: "a", reason: "by mistake" });
  expect(world.task(id)).toMatchObject(reassigned);
  world.forgetTold();
  world.join("a", {}, [{ taskId: id, attempt: 1, state: "running" }]);
  expect(world.told("stop")).toMatchObject([{ nodeId: "a", attempt: 1, cause: "superseded" }]);
  world.pass(5_000);
  expect(world.told("grant").flatMap(({ attempts }) => attempts)).not.toContainEqual({ taskId: id, attempt: 1 });
  world.report("b", { taskId: id, attempt: 2, state: "refused", reason: "full" });
  world.pass(60_000);
  expect(world.task(id), "no third before the first has ended").toMatchObject({ state: "pending" });
  expect(world.task(id).reason).toMatch(/attempt 1 on a has not ended yet/);
  world.report("a", { taskId: id, attempt: 1, state: "cancelled" });
  world.pass(2_000);
  expect(world.task(id)).toMatchObject({ state: "placed", attempts: [{}, {}, { number: 3 }] });
});

test("an attempt that was lost and runs after all is kept while nothing was ordered in its place", () => {
  const { world, id } = silenced();
  world.write({ kind: "cordon", nodeId: "b", reason: "" });
  world.write({ kind: "confirmDead", nodeId: "a", reason: "by mistake" });
  expect(world.task(id).state).toBe("pending");
  world.join("a", {}, [{ taskId: id, attempt: 1, state: "running" }]);
  expect(world.task(id)).toMatchObject({ state: "running", attempts: [{ number: 1, state: "running" }] });
  expect(world.told("stop")).toEqual([]);
});

test("a new leader places exclusive tasks when every node that is not lost has said Hello, and others at once", () => {
  const world = new World();
  world.join("a");
  world.join("b");
  world.elect();
  const exclusive = world.submit({ exclusive: true });
  const other = world.submit({});
  expect(world.task(other).state).toBe("placed");
  world.join("a");
  expect(world.task(exclusive).state, "b may run what the records have lost").toBe("pending");
  world.join("b");
  expect(world.task(exclusive).state).toBe("placed");
});

/** A lost b, and then the storage server that had confirmed the last writes; a has told the new leader what it runs. */
function failedOver(): World {
  const world = new World();
  world.join("a");
  world.join("b");
  world.silence("b");
  world.pass(4_000);
  expect(world.state.lostNodes.has("b"), "b is lost").toBe(true);
  world.elect({ firstSequence: 9, serverId: "another" });
  world.pass(defaultSettings.mergeWaitMs + 100);
  world.join("a");
  world.pass(100);
  expect(world.observation.care, "the storage is trusted again").toBeNull();
  return world;
}

test("where storage may have lost starts, a lost node may run what the records do not know", () => {
  const world = failedOver();
  const id = world.submit({ exclusive: true });
  expect(world.task(world.submit({})).state).toBe("placed");
  world.pass(10_000);
  expect(world.task(id).state).toBe("pending");
  expect(world.explain(id)).toMatchObject({
    summary: expect.stringMatching(/1 has not yet: b\.$/),
    remedies: ["bring b back", "if you know that it is off: holdfast node confirm-dead b"],
  });
  expect(() => world.write({ kind: "remove", nodeId: "b" })).toThrow(/exclusive tasks may still run on b/);
  world.pass(leaseTtlMs + exclusiveReassignMs - 10_000 - defaultSettings.mergeWaitMs);
  expect(world.task(id).state).toBe("placed");
});

test.each([
  ["it is confirmed dead", (world: World) => world.write({ kind: "confirmDead", nodeId: "b", reason: "unplugged" })],
  ["it tells what it runs", (world: World) => world.join("b")],
])("a lost node that may run what the records do not know is not waited for when %s", (_, settle) => {
  const world = failedOver();
  const id = world.submit({ exclusive: true });
  expect(world.task(id).state).toBe("pending");
  settle(world);
  expect(world.task(id).state).toBe("placed");
});

test("what a leader does not know of lost nodes, the next one on the same server does not know either", () => {
  const world = failedOver();
  const onAnother = { firstSequence: 12, serverId: "another" };
  world.elect(onAnother);
  world.join("a");
  const id = world.submit({ exclusive: true });
  expect(world.observation.care).toBeNull();
  expect(world.task(id).state).toBe("pending");
  world.pass(leaseTtlMs + exclusiveReassignMs + 100);
  expect(world.task(id).state).toBe("placed");
  world.elect(onAnother);
  world.join("a");
  expect(world.task(world.submit({ exclusive: true })).state, "it is known by now").toBe("placed");
});

test("a Hello from before its agent had met the new leader does not tell everything: it is asked again", () => {
  const world = new World();
  world.join("a");
  world.elect();
  const id = world.submit({ exclusive: true });
  world.join("a", {}, [], {}, "boot", 0);
  expect(world.task(id).state).toBe("pending");
  expect(world.told("inquire")).toMatchObject([{ nodeId: "a" }]);
  world.join("a");
  expect(world.task(id).state).toBe("placed");
  world.forgetTold();
  world.join("a", {}, [], {}, "boot", 0);
  expect(world.told("inquire"), "once is enough").toEqual([]);
});

test("a new leader does not wait for a node longer than an earlier leader's grants last", () => {
  const world = new World();
  world.join("a");
  world.join("b");
  world.elect();
  const id = world.submit({ exclusive: true });
  world.join("a");
  world.pass(leaseTtlMs + exclusiveReassignMs - 200);
  expect(world.task(id).state).toBe("pending");
  world.pass(300);
  expect(world.task(id).state).toBe("placed");
});

test("an attempt that only its agent knows is taken in, and its task is not started again", () => {
  for (const exclusive of [true, false]) {
    const world = new World();
    world.join("a");
    world.write({ kind: "cordon", nodeId: "a", reason: "" });
    const id = world.submit({ exclusive });
    world.elect();
    world.join("a", {}, [{ taskId: id, attempt: 3, state: "running" }]);
    expect(world.task(id)).toMatchObject({
      state: "running",
      attempts: [{ number: 3, nodeId: "a", state: "running" }],
    });
    expect(world.told("stop")).toEqual([]);
    expect(world.events()).toContain(`task.adopted ${id}`);
    world.report("a", { taskId: id, attempt: 3, state: "succeeded", exitCode: 0 });
    expect(world.task(id).state).toBe("succeeded");
  }
});

test.each([true, false])(
  "an attempt that only its agent knows is stopped when another one is there, unless it has succeeded (exclusive: %s)",
  (exclusive) => {
    const world = new World();
    world.join("a");
    const id = world.submit({ exclusive });
    world.report("a", { taskId: id, state: "running" });
    world.join("b");
    world.report("b", { taskId: id, attempt: 2, state: "running" });
    expect(world.told("stop")).toMatchObject([{ nodeId: "b", attempt: 2, cause: "superseded" }]);
    expect(world.task(id).state).toBe("running");
    expect(world.task(id).attempts[0]?.state).toBe("running");
    world.report("b", { taskId: id, attempt: 2, state: "succeeded", exitCode: 0 });
    expect(world.task(id)).toMatchObject({
      state: "succeeded",
      attempts: [{ state: "stopping" }, { state: "succeeded" }],
    });
  },
);

test("nothing is placed before an attempt has ended that only its agent knew, also when the one in the records has", () => {
  const { world, id } = running();
  world.join("c");
  world.elect();
  world.join("c");
  // Storage has lost that a was restarted, and that b was given the task then.
  world.join("b", {}, [{ taskId: id, attempt: 2, state: "running" }]);
  expect(world.told("stop")).toMatchObject([{ nodeId: "b", attempt: 2, cause: "superseded" }]);
  world.join("a", {}, [], {}, "another boot");
  world.pass(3_000);
  expect(world.task(id), "b has not stopped it yet").toMatchObject({
    state: "pending",
    attempts: [{ state: "lost" }, { number: 2, nodeId: "b", state: "stopping" }],
  });
  expect(world.told("grant").filter(({ nodeId }) => nodeId === "b")).toEqual([]);
  world.report("b", { taskId: id, attempt: 2, state: "cancelled" });
  world.pass(2_000);
  expect(world.task(id)).toMatchObject({ state: "placed", attempts: [{}, { state: "cancelled" }, { number: 3 }] });
});

test("a Hello of an earlier boot that comes late proves nothing", () => {
  const { world, id } = running();
  world.join("a", {}, [], {}, "second boot");
  const second = world.nodeOf(id);
  world.report(second, { taskId: id, attempt: 2, state: "running" });
  world.join("a", {}, [], {}, "boot");
  expect(world.state.nodes.get("a")?.bootId).toBe("second boot");
  expect(world.task(id)).toMatchObject({ state: "running", attempts: [{ state: "lost" }, { state: "running" }] });
  expect(world.told("log").map(({ message }) => message)).toContainEqual(expect.stringMatching(/came late/));
});

test("a lost node is not removed while exclusive tasks may run there", () => {
  const { world } = silenced();
  const remove = () => world.write({ kind: "remove", nodeId: "a" });
  expect(remove).toThrow(/failedPrecondition .*exclusive tasks may still run on a/);
  world.write({ kind: "confirmDead", nodeId: "a", reason: "" });
  remove();
  expect(world.state.nodes.has("a")).toBe(false);
});

test("it is told until when a lost attempt may still run, and what proof would shorten that", () => {
  const { world, id } = silenced();
  const { summary, remedies } = world.explain(id);
  expect(summary).toMatch(
    /^It is exclusive, and its attempt 1 on a may still run: .* for certain in 2\d\.\d s at most/,
  );
  expect(remedies).toEqual([
    "bring a back: its agent's report decides at once",
    "restart the machine of a: another boot id proves that nothing of before runs",
    "if you know that it is off: holdfast node confirm-dead a",
  ]);
  world.pass(exclusiveReassignMs);
  expect(world.explain(id).summary).toMatch(/^It is placed on b/);
});

test("it is told which nodes a new leader waits for", () => {
  const world = new World();
  world.join("a");
  world.join("b");
  world.elect();
  const id = world.submit({ exclusive: true });
  world.join("a");
  expect(world.explain(id)).toMatchObject({
    summary: expect.stringMatching(/this leader is new: .* in 30\.0 s\. 1 has not yet: b\.$/),
    remedies: ["bring b back"],
  });
});

test("where they could run twice at a time, no exclusive tasks are taken; what was taken is still answered", () => {
  const world = new World();
  world.join("a");
  const id = world.submit({ exclusive: true, requestId: "r1", body: "one" });
  world.report("a", { taskId: id, state: "succeeded", exitCode: 0 });
  world.hearObstacle("set redisOverlapMs");
  const refused = /failedPrecondition spec.exclusive: no exclusive tasks are taken: set redisOverlapMs/;
  expect(() => world.submit({ exclusive: true })).toThrow(refused);
  expect(() => world.submitBatch([{}, { exclusive: true }], true)).toThrow(/specs\[1\].exclusive/);
  const retry = {
    kind: "retry",
    namespace: "default",
    taskId: id,
    requestId: "",
    newTaskId: "main-2",
    body: "",
  } as const;
  expect(() => world.write(retry)).toThrow(/failedPrecondition task_id/);
  expect(world.submit({ exclusive: true, requestId: "r1", body: "one" })).toBe(id);
  expect(world.state.findTask(world.submit({}))).toBeDefined();
  world.hearObstacle("");
  expect(world.state.findTask(world.submit({ exclusive: true }))).toBeDefined();
});

test("an exclusive task with a longer stop grace than is allowed by now is not run once more", () => {
  const world = new World();
  world.join("a");
  const retried = (wish: { exclusive: boolean; stopGraceMs: number }) => {
    const taskId = world.submit(wish);
    world.report("a", { taskId, state: "succeeded", exitCode: 0 });
    const newTaskId = `${taskId}-again`;
    return world.write({ kind: "retry", namespace: "default", taskId, requestId: "", newTaskId, body: "{}" }).taskId;
  };
  const stopGraceMs = defaultSettings.exclusiveKillMs + 1;
  expect(() => retried({ exclusive: true, stopGraceMs })).toThrow(
    /failedPrecondition task_id: the stop grace of .* 5001/,
  );
  expect(retried({ exclusive: true, stopGraceMs: stopGraceMs - 1 })).toMatch(/-again$/);
  expect(retried({ exclusive: false, stopGraceMs })).toMatch(/-again$/);
});

test("a drained exclusive attempt goes on elsewhere when its processes are gone", () => {
  const { world, id } = running();
  world.write({ kind: "drain", nodeId: "a", deadlineMs: 0, reason: "" });
  world.pass(exclusiveReassignMs * 2);
  expect(world.task(id).attempts).toMatchObject([{ state: "stopping" }]);
  world.report("a", { taskId: id, state: "cancelled" });
  expect(world.task(id)).toMatchObject({ state: "placed", attempts: [{ state: "cancelled" }, { nodeId: "b" }] });
});
