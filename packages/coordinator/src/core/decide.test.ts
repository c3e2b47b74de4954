/** The core by scenarios: what agents and clients do, and what is recorded and told. */
import { expect, test } from "vitest";
import { World } from "./testing/world.ts";

test("a submitted task is placed on the node with the lower load, and ends with its report", () => {
  const world = new World();
  world.join("a", { cpuUsed: 0.9 });
  world.join("b", { cpuUsed: 0.1 });
  const id = world.submit({ name: "job" });
  expect(world.task(id)).toMatchObject({ state: "placed", attempts: [{ number: 1, nodeId: "b" }] });
  expect(world.told("start")).toMatchObject([{ nodeId: "b", taskId: id, attempt: 1 }]);
  world.report("b", { taskId: id, state: "running" });
  expect(world.task(id).state).toBe("running");
  world.report("b", { taskId: id, state: "succeeded", exitCode: 0 });
  expect(world.task(id)).toMatchObject({ state: "succeeded", attempts: [{ state: "succeeded", exitCode: 0 }] });
  expect(world.told("acknowledge")).toMatchObject([{ nodeId: "b", taskId: id, attempt: 1 }]);
  expect(world.state.tasks.has(id), "an ended task leaves the hot set").toBe(false);
});

test("the same request id and body give the same task, another body is refused", () => {
  const world = new World();
  const id = world.submit({ requestId: "r1", body: "one" });
  expect(world.submit({ requestId: "r1", body: "one" })).toBe(id);
  expect(() => world.submit({ requestId: "r1", body: "two" })).toThrow(/alreadyExists/);
  expect(world.submit({ requestId: "r1", body: "two", namespace: "other" }), "scoped to its namespace").not.toBe(id);
});

test("a failed task is retried after its backoff, on another node first, and then fails for good", () => {
  const world = new World();
  world.join("a");
  world.join("b");
  const id = world.submit({ maxRetries: 1, backoffMs: 1_000, backoffMaxMs: 1_000 });
  const first = world.nodeOf(id);
  world.report(first, { taskId: id, state: "failed", exitCode: 3, reason: "exit code 3" });
  expect(world.task(id)).toMatchObject({ state: "pending", failures: 1, reason: "exit code 3; retry 1 of 1" });
  world.pass(1_000);
  expect(world.task(id).state).toBe("placed");
  expect(world.nodeOf(id), "the node on which it failed is not the first choice").not.toBe(first);
  world.report(world.nodeOf(id), { taskId: id, attempt: 2, state: "failed", exitCode: 3, reason: "exit code 3" });
  expect(world.task(id)).toMatchObject({ state: "failed", failures: 2, reason: "exit code 3" });
});

test("an exit code that is final is not retried", () => {
  const world = new World();
  world.join("a");
  const id = world.submit({ maxRetries: 5, finalExitCodes: [7] });
  world.report("a", { taskId: id, state: "failed", exitCode: 7, reason: "exit code 7" });
  expect(world.task(id)).toMatchObject({ state: "failed", failures: 1 });
});

test("a silent node is suspect, then lost, and its tasks run elsewhere without eating a retry", () => {
  const world = new World();
  world.join("a");
  const id = world.submit({ maxRetries: 0 });
  world.report("a", { taskId: id, state: "running" });
  world.join("b");
  world.silence("a");
  world.pass(1_600);
  expect(world.observation.suspects.has("a")).toBe(true);
  expect(world.task(id).state).toBe("running");
  world.pass(1_500);
  expect(world.task(id)).toMatchObject({
    state: "placed",
    failures: 0,
    attempts: [{ state: "lost" }, { nodeId: "b" }],
  });
  expect(world.events()).toContain("node.lost a");
});

test("a node that returns keeps its attempt if the new one has not started, and loses it otherwise", () => {
  for (const started of [false, true]) {
    const world = new World();
    world.join("a");
    const id = world.submit({});
    world.report("a", { taskId: id, state: "running" });
    world.join("b");
    world.silence("a");
    world.pass(3_100);
    if (started) world.report("b", { taskId: id, attempt: 2, state: "running" });
    world.forgetTold();
    world.join("a", {}, [{ taskId: id, attempt: 1, state: "running" }]);
    const [stop] = world.told("stop");
    expect(stop, `new attempt started: ${started}`).toMatchObject(
      started ? { nodeId: "a", attempt: 1 } : { nodeId: "b", attempt: 2 },
    );
    expect(world.task(id).state).toBe("running");
  }
});

test("of two attempts the first durable success wins", () => {
  const world = new World();
  world.join("a");
  const id = world.submit({});
  world.report("a", { taskId: id, state: "running" });
  world.join("b");
  world.silence("a");
  world.pass(3_100);
  world.report("b", { taskId: id, attempt: 2, state: "running" });
  world.forgetTold();
  world.join("a", {}, [{ taskId: id, attempt: 1, state: "succeeded", exitCode: 0 }]);
  expect(world.task(id).state).toBe("succeeded");
  expect(world.told("stop")).toMatchObject([{ nodeId: "b", attempt: 2, cause: "superseded" }]);
  expect(world.state.tasks.has(id), "kept until the other attempt's processes are gone").toBe(true);
  world.report("b", { taskId: id, attempt: 2, state: "succeeded", exitCode: 0 });
  expect(world.state.tasks.has(id)).toBe(false);
  expect(world.task(id)).toMatchObject({ state: "succeeded" });
});

test("losses of three different nodes soon after its starts end a task as poison", () => {
  const world = new World();
  const id = world.submit({});
  for (const node of ["a", "b", "c"]) {
    world.join(node);
    world.report(node, { taskId: id, attempt: world.task(id).attempts.length, state: "running" });
    world.silence(node);
    world.pass(3_100);
  }
  expect(world.task(id).state).toBe("failed");
  expect(world.task(id).reason).toMatch(/^poison/);
});

test("cancelling a running task ends it only when its processes are gone", () => {
  const world = new World();
  world.join("a");
  const id = world.submit({});
  world.report("a", { taskId: id, state: "running" });
  expect(world.write({ kind: "cancel", namespace: "default", target: { taskId: id }, reason: "" })).toMatchObject({
    affected: 1,
  });
  expect(world.task(id).state).toBe("stopping");
  expect(world.told("stop")).toMatchObject([{ nodeId: "a", cause: "cancelled" }]);
  world.report("a", { taskId: id, state: "cancelled", signal: "SIGTERM" });
  expect(world.task(id).state).toBe("cancelled");
});

test("a result that was there before the cancellation wins", () => {
  const world = new World();
  world.join("a");
  const id = world.submit({});
  world.write({ kind: "cancel", namespace: "default", target: { taskId: id }, reason: "" });
  world.report("a", { taskId: id, state: "succeeded", exitCode: 0 });
  expect(world.task(id).state).toBe("succeeded");
});

test("more nodes silent at once than is believable need a witness", () => {
  const world = new World();
  const nodes = ["a", "b", "c", "d", "e"];
  for (const node of nodes) world.join(node);
  for (const node of nodes) world.silence(node);
  world.pass(3_500);
  expect(world.observation.frozenReason).toMatch(/5 nodes fell silent/);
  expect(world.state.lostNodes.size).toBe(0);
  world.peer("standby", { silentNodeIds: nodes, steadyForMs: 60_000 });
  world.tick();
  expect(world.state.lostNodes.size).toBe(5);
  expect(world.observation.frozenReason).toBe("");
});

test("nodes that fall silent at one moment are counted together, although their beats are spread", () => {
  const world = new World();
  const nodes = ["a", "b", "c", "d", "e", "f"];
  for (const node of nodes) world.join(node);
  const silenced = nodes.slice(0, 4);
  for (const node of silenced) {
    world.silence(node);
    world.pass(300);
  }
  world.pass(4_000);
  expect(world.observation.frozenReason).toMatch(/4 nodes fell silent/);
  expect(world.state.lostNodes.size).toBe(0);
});

test("when most nodes have returned from a freeze, the rest gets its time again", () => {
  const world = new World();
  const nodes = ["a", "b", "c", "d"];
  for (const node of nodes) world.join(node);
  for (const node of nodes) world.silence(node);
  world.pass(5_000);
  for (const node of nodes.slice(1)) world.join(node);
  world.pass(1_000);
  expect(world.observation.frozenReason).toBe("");
  expect(world.state.lostNodes.size).toBe(0);
  world.pass(2_500);
  expect([...world.state.lostNodes]).toEqual(["a"]);
});

test("a tick that comes first after a stall of our own loses nobody", () => {
  const world = new World();
  world.join("a");
  world.pass(1_000);
  world.stall(5_000);
  world.event({ kind: "tick" });
  expect(world.state.lostNodes.size).toBe(0);
});

test("a witness that stalled itself witnesses nothing; an operator's word does", () => {
  const world = new World();
  const nodes = ["a", "b", "c", "d", "e"];
  for (const node of nodes) world.join(node);
  for (const node of nodes) world.silence(node);
  world.pass(3_500);
  world.peer("standby", { silentNodeIds: nodes, steadyForMs: 100 });
  world.tick();
  expect(world.state.lostNodes.size).toBe(0);
  world.write({ kind: "resumePlacement" });
  world.tick();
  expect(world.state.lostNodes.size).toBe(5);
});

test("a node that a peer hears is cut off, not lost", () => {
  const world = new World();
  world.join("a");
  world.silence("a");
  for (let waited = 0; waited < 5_000; waited += 500) {
    world.pass(500);
    world.peer("standby", { silentNodeIds: [], steadyForMs: 60_000 });
  }
  expect(world.state.lostNodes.size).toBe(0);
  expect(world.observation.cutOff.has("a")).toBe(true);
});

test("after a stall of our own every node gets its time again", () => {
  const world = new World();
  world.join("a");
  world.stall(10_000);
  world.tick();
  expect(world.state.lostNodes.size).toBe(0);
  world.silence("a");
  world.pass(3_100);
  expect(world.state.lostNodes.size).toBe(1);
});

test("a node that said it would be back is away, and lost only when it stays away", () => {
  const world = new World();
  world.join("a");
  const id = world.submit({});
  world.report("a", { taskId: id, state: "running" });
  world.event({ kind: "farewell", nodeId: "a", returning: true, reason: "" });
  world.silence("a");
  world.pass(30_000);
  expect(world.task(id).state).toBe("running");
  world.pass(31_000);
  expect(world.task(id)).toMatchObject({ state: "pending", attempts: [{ state: "lost" }] });
});

test("a drain is finished when the processes are gone, not before", () => {
  const world = new World();
  world.join("a");
  const id = world.submit({});
  world.report("a", { taskId: id, state: "running" });
  world.write({ kind: "drain", nodeId: "a", deadlineMs: 1_000, reason: "" });
  world.pass(500);
  expect(world.told("stop")).toEqual([]);
  world.pass(600);
  expect(world.told("stop")).toMatchObject([{ cause: "drained" }]);
  expect(world.state.nodes.get("a")?.drainFinished).toBe(false);
  world.report("a", { taskId: id, state: "cancelled" });
  world.tick();
  expect(world.state.nodes.get("a")?.drainFinished).toBe(true);
  expect(world.task(id)).toMatchObject({ state: "pending", failures: 0 });
});

test("a task whose attempt is stopped for a drain can be cancelled", () => {
  const world = new World();
  world.join("a");
  const id = world.submit({});
  world.write({ kind: "drain", nodeId: "a", deadlineMs: 0, reason: "" });
  world.tick();
  world.report("a", { taskId: id, state: "running", startedAtMs: 1 });
  const cancel = { kind: "cancel", namespace: "default", target: { taskId: id }, reason: "" } as const;
  expect(world.write<"cancel">(cancel).affected).toBe(1);
  expect(world.write<"cancel">(cancel).affected, "a second time there is nothing to do").toBe(0);
  world.report("a", { taskId: id, state: "cancelled" });
  expect(world.task(id).state).toBe("cancelled");
});

test("an attempt that its node does not know any more is lost; an order that never arrived is sent again", () => {
  const world = new World();
  world.join("a");
  const placed = world.submit({});
  world.forgetTold();
  world.join("a");
  expect(world.told("start")).toMatchObject([{ taskId: placed, attempt: 1 }]);
  world.report("a", { taskId: placed, state: "running" });
  world.join("a");
  expect(world.task(placed).attempts[0]?.state).toBe("lost");
});

test("a machine that restarted has lost what ran there, whatever its agent makes of it, and no retry is eaten", () => {
  const world = new World();
  world.join("a");
  const id = world.submit({});
  world.report("a", { taskId: id, state: "running" });
  world.join("a", {}, [{ taskId: id, state: "failed", reason: "its supervisor was killed" }], {}, "another boot");
  expect(world.task(id)).toMatchObject({ state: "placed", failures: 0, attempts: [{ number: 1 }, { number: 2 }] });
  expect(world.events()).toContain("node.rebooted a");
});

test("an attempt that should be stopping and reports that it runs is told to stop again", () => {
  const world = new World();
  world.join("a");
  const id = world.submit({});
  world.write({ kind: "cancel", namespace: "default", target: { taskId: id }, reason: "" });
  world.forgetTold();
  world.report("a", { taskId: id, state: "running" });
  expect(world.told("stop")).toMatchObject([{ nodeId: "a", taskId: id, attempt: 1, cause: "cancelled" }]);
});

test("higher priority goes first, but waiting counts too", () => {
  const world = new World();
  const old = world.submit({ priority: 0 });
  world.pass(5 * 60_000);
  const urgent = world.submit({ priority: 10 });
  const mild = world.submit({ priority: 4 });
  world.join("a", {}, [], { cpuMillis: 100 });
  expect(world.task(urgent).state).toBe("placed");
  world.report("a", { taskId: urgent, state: "succeeded" });
  expect(world.task(old).state, "5 minutes of waiting outrank a priority of 4").toBe("placed");
  expect(world.task(mild).state).toBe("pending");
});

test("a node that was kept free for a task that was cancelled is given to the others", () => {
  const world = new World();
  world.join("a", {}, [], { cpuMillis: 8_000 });
  const whole = { cpuMillis: 8_000, memoryBytes: 1, counts: {} };
  const first = world.submit({ resources: whole });
  const waiting = world.submit({ resources: whole });
  const small = world.submit({ resources: { ...whole, cpuMillis: 100 } });
  world.pass(120_000);
  // Makes placement look at the node again.
  world.write<"cordon">({ kind: "cordon", nodeId: "a", reason: "" });
  world.write<"uncordon">({ kind: "uncordon", nodeId: "a" });
  expect(world.observation.reservation?.taskId).toBe(waiting);
  for (const taskId of [first, waiting]) {
    world.write<"cancel">({ kind: "cancel", namespace: "default", target: { taskId }, reason: "" });
  }
  world.report("a", { taskId: first, state: "cancelled" });
  world.pass(1_000);
  expect(world.task(small).state).toBe("placed");
});

test("devices are given out by number and given back", () => {
  const world = new World();
  world.join("a", {}, [], { counts: { gpu: 2 } });
  const wanted = { cpuMillis: 100, memoryBytes: 1, counts: { gpu: 1 } };
  const [first, second, third] = [0, 1, 2].map(() => world.submit({ resources: wanted }));
  const devicesOf = (id = "") => world.task(id).attempts[0]?.devices["gpu"];
  expect([devicesOf(first), devicesOf(second)]).toEqual([[0], [1]]);
  expect(world.task(third ?? "").state).toBe("pending");
  world.report("a", { taskId: first ?? "", state: "succeeded" });
  expect(devicesOf(third)).toEqual([0]);
});

test("a task that no node could ever run is refused, with the reason", () => {
  const world = new World();
  world.join("a", {}, [], { cpuMillis: 4_000 });
  const resources = { cpuMillis: 8_000, memoryBytes: 1, counts: {} };
  expect(() => world.submit({ resources })).toThrow(/spec.resources: no node offers 8000m cpu/);
  const constraints = [{ key: "zone", operator: "in" as const, values: ["b"] }];
  expect(() => world.submit({ constraints })).toThrow(/"zone in \(b\)"/);
});

test("a batch is refused whole, or taken in part when the caller chose so", () => {
  const world = new World();
  world.join("a", {}, [], { cpuMillis: 4_000 });
  const large = { cpuMillis: 8_000, memoryBytes: 1, counts: {} };
  expect(() => world.submitBatch([{}, { resources: large }], false)).toThrow(/specs\[1\].resources/);
  expect(world.state.tasks.size).toBe(0);
  const { taskIds, errors } = world.submitBatch([{}, { resources: large }], true);
  expect(taskIds.map((id) => id !== "")).toEqual([true, false]);
  expect(errors).toMatchObject([{ index: 1 }]);
});

test("what is undone leaves no trace", () => {
  const world = new World();
  world.join("a");
  const running = world.submit({});
  world.report("a", { taskId: running, state: "running" });
  const before = world.snapshot();
  world.undone(() => {
    world.submit({ requestId: "gone" });
    world.report("a", { taskId: running, state: "succeeded" });
    world.write({ kind: "cordon", nodeId: "a", reason: "" });
  });
  expect(world.snapshot()).toEqual(before);
});

test("a lost attempt that runs on after a later one has failed decides over its task", () => {
  const world = new World();
  world.join("a");
  const id = world.submit({ maxRetries: 2 });
  world.report("a", { taskId: id, state: "running" });
  world.silence("a");
  world.join("b");
  world.pass(4_000);
  world.report("b", { taskId: id, attempt: 2, state: "running" });
  world.report("b", { taskId: id, attempt: 2, state: "failed", exitCode: 1 });
  world.pass(1_000);
  expect(world.task(id).attempts).toMatchObject([{ state: "lost" }, { state: "failed" }, { state: "placed" }]);
  world.join("a", {}, [{ taskId: id, attempt: 1, state: "running" }]);
  expect(world.task(id)).toMatchObject({
    state: "running",
    attempts: [{ state: "running" }, {}, { stop: "superseded" }],
  });
  world.report("b", { taskId: id, attempt: 3, state: "cancelled" });
  world.report("a", { taskId: id, attempt: 1, state: "failed", exitCode: 1 });
  expect(world.task(id)).toMatchObject({ state: "pending", failures: 2 });
});
