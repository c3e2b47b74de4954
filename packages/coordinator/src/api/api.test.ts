/**
 * The API over real sockets, as a client meets it. Behind it stand the real core and an instant backend instead of the
 * loop, the store and agents: those are tested end to end elsewhere.
 */
import { randomFillSync } from "node:crypto";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  type Client,
  credentials,
  Metadata,
  makeGenericClientConstructor,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { clientOptions } from "@holdfast/shared/contract/channel-options.ts";
import type { ClusterServiceClient as ClusterClient } from "@holdfast/shared/contract/generated/holdfast/v1/ClusterService.ts";
import type { GetTaskResponse__Output } from "@holdfast/shared/contract/generated/holdfast/v1/GetTaskResponse.ts";
import type { NodeSeriesRequest } from "@holdfast/shared/contract/generated/holdfast/v1/NodeSeriesRequest.ts";
import type { NodeSeriesResponse__Output } from "@holdfast/shared/contract/generated/holdfast/v1/NodeSeriesResponse.ts";
import type { NodeServiceClient as NodeClient } from "@holdfast/shared/contract/generated/holdfast/v1/NodeService.ts";
import type { TaskServiceClient as TaskClient } from "@holdfast/shared/contract/generated/holdfast/v1/TaskService.ts";
import type { TaskSpec } from "@holdfast/shared/contract/generated/holdfast/v1/TaskSpec.ts";
import type { WatchTasksResponse__Output } from "@holdfast/shared/contract/generated/holdfast/v1/WatchTasksResponse.ts";
import {
  ClusterServiceClient,
  NodeServiceClient,
  TaskServiceClient,
  taskServiceDefinition,
} from "@holdfast/shared/contract/load.ts";
import { fromServiceError } from "@holdfast/shared/contract/status-details.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { protoPath as healthProto } from "grpc-health-check";
import { pino } from "pino";
import { FileDescriptorProto, type IFileDescriptorProto } from "protobufjs/ext/descriptor/index.js";
import { afterEach, expect, test } from "vitest";
import type { AttemptRecord } from "../core/record.ts";
import { NodeSeries } from "../core/series/node-series.ts";
import { createApi } from "./api.ts";
import { IdGenerator } from "./ids.ts";
import { ApiServer } from "./server.ts";
import { InstantBackend } from "./testing/instant-backend.ts";

interface Coordinator {
  readonly backend: InstantBackend;
  readonly address: string;
  readonly tasks: TaskClient;
  readonly nodes: NodeClient;
  readonly cluster: ClusterClient;
  readonly logged: string[];
  readonly server: ApiServer;
  stop(): Promise<void>;
}

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startCoordinator(
  id = "c1",
  settings: { slowReaderMs?: number; maxRecords?: number } = {},
): Promise<Coordinator> {
  const backend = new InstantBackend(id, settings.maxRecords);
  const logged: string[] = [];
  const log = pino({}, { write: (line: string) => logged.push(line) });
  const ids = new IdGenerator("main", Date.now, (buffer) => randomFillSync(buffer));
  const { slowReaderMs = 30_000 } = settings;
  const api = createApi({ backend, ids, log, peerCredentials: credentials.createInsecure(), slowReaderMs });
  const server = new ApiServer(api.services);
  const { port } = await server.listen("127.0.0.1", 0, ServerCredentials.createInsecure());
  server.setServing(true);
  const address = `127.0.0.1:${port}`;
  const tasks = new TaskServiceClient(address, credentials.createInsecure(), clientOptions);
  const nodes = new NodeServiceClient(address, credentials.createInsecure(), clientOptions);
  const cluster = new ClusterServiceClient(address, credentials.createInsecure(), clientOptions);
  let stopped: Promise<void> | null = null;
  const stop = () => {
    api.close();
    stopped ??= server.stop(200);
    return stopped;
  };
  cleanups.push(async () => {
    for (const client of [tasks, nodes, cluster]) client.close();
    await stop();
  });
  return { backend, address, tasks, nodes, cluster, logged, server, stop };
}

type Answer<Response> = (error: ServiceError | null, response?: Response) => void;

/** Calls a unary method with a deadline, so that a test that waits for nothing fails. */
function ask<Response>(start: (answer: Answer<Response>) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error === null ? resolve(response as Response) : reject(error)));
  });
}

async function refusal(call: Promise<unknown>): Promise<HoldfastError> {
  try {
    await call;
  } catch (error) {
    return fromServiceError(error as ServiceError);
  }
  return expect.fail("the call should have been refused");
}

const soon = () => ({ deadline: Date.now() + 5_000 });
const hello: TaskSpec = { argv: ["/bin/echo", "hello"], labels: { team: "a" } };

function submit({ tasks }: Coordinator, request: Parameters<TaskClient["submit"]>[0]) {
  return ask<{ taskId?: string; revision?: string }>((answer) => tasks.submit(request, new Metadata(), soon(), answer));
}

function attempt(change: Partial<AttemptRecord> = {}): AttemptRecord {
  const ended = { endedAtMs: 0, exitCode: null, signal: "", usage: null, stop: null };
  const begun = {
    number: 1,
    nodeId: "n1",
    state: "running",
    reason: "",
    placedAtMs: 1,
    startedAtMs: 2,
    devices: {},
  } as const;
  return { ...begun, ...ended, ...change };
}

/** Collects a stream's messages until it ends; the status is the error, null when it ended well. */
async function collect<Message>(
  stream: AsyncIterable<Message>,
): Promise<{ messages: Message[]; error: HoldfastError | null }> {
  const messages: Message[] = [];
  try {
    for await (const message of stream) messages.push(message);
  } catch (error) {
    return { messages, error: fromServiceError(error as ServiceError) };
  }
  return { messages, error: null };
}

test("a task is read without what it executes while only the storage knows that and does not answer", async () => {
  const coordinator = await startCoordinator();
  const { taskId = "", revision = "" } = await submit(coordinator, { spec: hello });
  coordinator.backend.readBody = async () => {
    throw new HoldfastError("unavailable", "the storage does not answer");
  };
  const { task } = await ask<GetTaskResponse__Output>((answer) =>
    coordinator.tasks.get({ taskId, minRevision: revision }, new Metadata(), soon(), answer),
  );
  expect(task).toMatchObject({ id: taskId, spec: { labels: { team: "a" } } });
  expect(task?.spec?.argv).toBeUndefined();
});

test("a task is submitted, read with its body, listed and explained", async () => {
  const coordinator = await startCoordinator();
  const { taskId, revision } = await submit(coordinator, { spec: hello, requestId: "r1" });
  expect(taskId).toMatch(/^main-[0-9a-z]{26}$/);

  const got = await ask<GetTaskResponse__Output>((answer) =>
    coordinator.tasks.get({ taskId: taskId ?? "", minRevision: revision ?? "" }, new Metadata(), soon(), answer),
  );
  expect(got.task).toMatchObject({ id: taskId, state: "TASK_STATE_PENDING", namespace: "default", requestId: "r1" });
  expect(got.task?.spec).toMatchObject({ argv: ["/bin/echo", "hello"], stopSignal: "SIGTERM", labels: { team: "a" } });
  expect(got.read).toMatchObject({ revision, coordinatorId: "c1", fromLeader: true });

  const listed = await ask<{ tasks?: unknown[] }>((answer) =>
    coordinator.tasks.list(
      { filter: { labels: { team: "a" }, states: ["TASK_STATE_PENDING"] } },
      new Metadata(),
      soon(),
      answer,
    ),
  );
  expect(listed.tasks).toHaveLength(1);

  const explained = await ask<{ summary?: string }>((answer) =>
    coordinator.tasks.explain({ taskId: taskId ?? "" }, new Metadata(), soon(), answer),
  );
  expect(explained.summary).toMatch(/No node has joined/);
});

test("the same request id gives the same task, and another body is refused", async () => {
  const coordinator = await startCoordinator();
  const first = await submit(coordinator, { spec: hello, requestId: "r1" });
  expect((await submit(coordinator, { spec: hello, requestId: "r1" })).taskId).toBe(first.taskId);
  const other = { spec: { argv: ["/bin/echo", "other"] }, requestId: "r1" };
  expect(await refusal(submit(coordinator, other))).toMatchObject({
    code: "alreadyExists",
    fields: [{ field: "request_id" }],
  });
});

test.each<[string, Parameters<TaskClient["submit"]>[0], string]>([
  ["no spec", {}, "spec"],
  ["a bad namespace", { namespace: "Not Good", spec: hello }, "namespace"],
  ["a long request id", { requestId: "r".repeat(129), spec: hello }, "request_id"],
  ["a request id with a line end", { requestId: "a\nb", spec: hello }, "request_id"],
  ["nothing to run", { spec: {} }, "spec.argv"],
  ["a NUL byte", { spec: { argv: ["a", "\0"] } }, "spec.argv[1]"],
  ["an over-long name", { spec: { ...hello, name: "n".repeat(200) } }, "spec.name"],
  ["a negative resource", { spec: { ...hello, resources: { memoryBytes: -1 } } }, "spec.resources.memory_bytes"],
  [
    "an unknown operator",
    { spec: { ...hello, constraints: [{ key: "a", operator: 77 as 1 }] } },
    "spec.constraints[0].operator",
  ],
  [
    "too many labels",
    { spec: { ...hello, labels: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, "v"])) } },
    "spec.labels",
  ],
])("submission with %s is refused, naming the field", async (_what, request, field) => {
  const coordinator = await startCoordinator();
  const error = await refusal(submit(coordinator, request));
  expect(error.code).toBe("invalidArgument");
  expect(error.fields[0]?.field).toBe(field);
  expect(coordinator.backend.state.tasks.size).toBe(0);
});

test("a task that no node could ever run is refused", async () => {
  const coordinator = await startCoordinator();
  coordinator.backend.join("n1");
  const error = await refusal(submit(coordinator, { spec: { ...hello, resources: { cpuMillis: 9_000_000 } } }));
  expect(error.code).toBe("invalidArgument");
  expect(error.fields[0]?.field).toMatch(/resources/);
});

/** A call with bytes that no well-behaved client would send. */
function submitBytes({ tasks }: Coordinator, bytes: Buffer): Promise<unknown> {
  const { path, responseDeserialize } = taskServiceDefinition.Submit;
  return ask((answer) => {
    (tasks as Client).makeUnaryRequest(
      path,
      (raw: Buffer) => raw,
      responseDeserialize,
      bytes,
      new Metadata(),
      soon(),
      answer,
    );
  });
}

test("invalid UTF-8, broken messages and messages above 1 MiB are refused, and the server goes on", async () => {
  const coordinator = await startCoordinator();
  const valid = taskServiceDefinition.Submit.requestSerialize({ spec: { argv: ["@@@"] } });
  const spoilt = Buffer.from(valid);
  spoilt.set([0xff, 0xfe, 0xfd], spoilt.indexOf("@@@"));
  expect(await refusal(submitBytes(coordinator, spoilt))).toMatchObject({
    code: "invalidArgument",
    fields: [{ field: "spec.argv[0]", description: "is not valid UTF-8" }],
  });
  expect((await refusal(submitBytes(coordinator, valid.subarray(0, 4)))).code).toBe("invalidArgument");
  const large = Buffer.alloc(1024 * 1024 + 1);
  const unlimited = { ...clientOptions, "grpc.max_send_message_length": -1 };
  const client = new TaskServiceClient(coordinator.address, credentials.createInsecure(), unlimited);
  cleanups.push(() => client.close());
  expect((await refusal(submitBytes({ ...coordinator, tasks: client }, large))).code).toBe("resourceExhausted");
  expect((await submit(coordinator, { spec: hello })).taskId).toBeTruthy();
});

test("a batch is refused whole, or item by item when the client asks for that", async () => {
  const coordinator = await startCoordinator();
  const specs = [hello, { argv: ["a\0"] }, hello];
  type Batch = { batchId?: string; taskIds?: string[]; errors?: unknown[] };
  const send = (request: Parameters<TaskClient["submitBatch"]>[0]) =>
    ask<Batch>((answer) => coordinator.tasks.submitBatch(request, new Metadata(), soon(), answer));

  expect((await refusal(send({ specs }))).fields[0]?.field).toBe("specs[1].argv[0]");
  expect(coordinator.backend.state.tasks.size).toBe(0);
  expect((await refusal(send({ specs: [] }))).fields[0]?.field).toBe("specs");
  expect((await refusal(send({ specs: Array(1_001).fill(hello) }))).fields[0]?.field).toBe("specs");

  const partial = await send({ specs, allowPartial: true });
  expect(partial.taskIds?.map((id) => id !== "")).toEqual([true, false, true]);
  expect(partial.errors).toMatchObject([{ index: 1, field: "argv[0]" }]);

  const more = await send({ specs: [hello], batchId: partial.batchId ?? "" });
  expect(more.batchId).toBe(partial.batchId);
  const batch = await ask<{ total?: number; ended?: number; counts?: unknown[] }>((answer) =>
    coordinator.tasks.getBatch({ batchId: partial.batchId ?? "" }, new Metadata(), soon(), answer),
  );
  expect(batch).toMatchObject({ total: 3, counts: [{ state: "TASK_STATE_PENDING", count: 3 }] });
});

test("what is not there is NOT_FOUND, and another namespace's task is not there", async () => {
  const coordinator = await startCoordinator();
  const { taskId = "" } = await submit(coordinator, { namespace: "one", spec: hello });
  const get = (request: object) =>
    refusal(ask((answer) => coordinator.tasks.get(request, new Metadata(), soon(), answer)));
  expect((await get({ namespace: "two", taskId })).code).toBe("notFound");
  expect((await get({ taskId: "main-nothing" })).code).toBe("notFound");
  expect((await get({ taskId: "" })).fields[0]?.field).toBe("task_id");
  const node = await refusal(
    ask((answer) => coordinator.nodes.cordon({ nodeId: "n9" }, new Metadata(), soon(), answer)),
  );
  expect(node.code).toBe("notFound");
});

test("pages follow one another in both orders, and bad paging is refused", async () => {
  const coordinator = await startCoordinator();
  const ids: string[] = [];
  for (let at = 0; at < 5; at += 1) ids.push((await submit(coordinator, { spec: hello })).taskId ?? "");
  for (const newestFirst of [false, true]) {
    const seen: string[] = [];
    for (let pageToken = "", more = true; more; more = pageToken !== "") {
      const page = await ask<{ tasks?: { id?: string }[]; nextPageToken?: string }>((answer) =>
        coordinator.tasks.list({ pageSize: 2, pageToken, newestFirst }, new Metadata(), soon(), answer),
      );
      seen.push(...(page.tasks ?? []).map(({ id = "" }) => id));
      pageToken = page.nextPageToken ?? "";
    }
    expect(seen).toEqual(newestFirst ? [...ids].reverse() : ids);
  }
  const list = (request: Parameters<TaskClient["list"]>[0]) =>
    refusal(ask((answer) => coordinator.tasks.list(request, new Metadata(), soon(), answer)));
  expect((await list({ pageSize: 1_001 })).fields[0]?.field).toBe("page_size");
  expect((await list({ pageToken: "????" })).fields[0]?.field).toBe("page_token");
  expect((await list({ filter: { states: [99 as 1] } })).fields[0]?.field).toBe("filter.states[0]");
});

test("min_revision waits for what is to come, and refuses what never will", async () => {
  const coordinator = await startCoordinator();
  const { taskId = "" } = await submit(coordinator, { spec: hello });
  const get = (minRevision: string) =>
    ask<object>((answer) => coordinator.tasks.get({ taskId, minRevision }, new Metadata(), soon(), answer));
  const waiting = get("h1.2");
  await submit(coordinator, { spec: hello });
  expect(await waiting).toMatchObject({ read: { revision: "h1.2" } });
  expect(await refusal(get("nonsense"))).toMatchObject({
    code: "invalidArgument",
    fields: [{ field: "min_revision" }],
  });
  expect(await refusal(get("h0.1"))).toMatchObject({ code: "failedPrecondition", fields: [{ field: "min_revision" }] });
  const hasty = ask((answer) =>
    coordinator.tasks.get({ taskId, minRevision: "h1.99" }, new Metadata(), { deadline: Date.now() + 50 }, answer),
  );
  expect((await refusal(hasty)).code).toBe("deadlineExceeded");
});

test("cancel needs a target that says something", async () => {
  const coordinator = await startCoordinator();
  for (let at = 0; at < 3; at += 1) await submit(coordinator, { spec: hello });
  const cancel = (request: Parameters<TaskClient["cancel"]>[0]) =>
    ask<{ affected?: number }>((answer) => coordinator.tasks.cancel(request, new Metadata(), soon(), answer));
  expect((await refusal(cancel({}))).fields[0]?.field).toBe("target");
  expect((await refusal(cancel({ filter: {} }))).fields[0]?.field).toBe("filter");
  expect((await refusal(cancel({ filter: { name: "echo" }, reason: "a\u001b[31m" }))).fields[0]?.field).toBe("reason");
  expect(await cancel({ filter: { labels: { team: "a" } } })).toMatchObject({ affected: 3 });
});

test("a task that has ended can be run again", async () => {
  const coordinator = await startCoordinator();
  const { taskId = "" } = await submit(coordinator, { spec: hello });
  const retry = (id: string) =>
    ask<{ taskId?: string }>((answer) => coordinator.tasks.retry({ taskId: id }, new Metadata(), soon(), answer));
  expect((await refusal(retry(taskId))).code).toBe("failedPrecondition");
  coordinator.backend.change(taskId, { state: "failed", endedAtMs: 5 });
  const again = await retry(taskId);
  expect(coordinator.backend.bodies.get(again.taskId ?? "")).toBe(coordinator.backend.bodies.get(taskId));
  coordinator.backend.bodies.delete(taskId);
  expect(await refusal(retry(taskId))).toMatchObject({ code: "failedPrecondition", message: /no longer kept/ });
});

test("writes on a standby go to the leader; without one the client hears when to try again", async () => {
  const leader = await startCoordinator("c1");
  const standby = await startCoordinator("c2");
  standby.backend.leaderView = { id: "c1", address: leader.address, epoch: 1 };
  const { taskId = "" } = await submit(standby, { spec: hello });
  expect(leader.backend.state.tasks.has(taskId)).toBe(true);
  expect(standby.backend.state.tasks.size).toBe(0);
  expect((await refusal(submit(standby, { spec: {} }))).fields[0]?.field).toBe("spec.argv");

  standby.backend.leaderView = null;
  expect(await refusal(submit(standby, { spec: hello }))).toMatchObject({ code: "unavailable", retryAfterMs: 200 });
});

test("a write is passed on once at most, and a leader that cannot be reached is told as such", async () => {
  const [one, other] = [await startCoordinator("c1"), await startCoordinator("c2")];
  one.backend.leaderView = { id: "c2", address: other.address, epoch: 1 };
  other.backend.leaderView = { id: "c1", address: one.address, epoch: 1 };
  expect(await refusal(submit(one, { spec: hello }))).toMatchObject({
    code: "unavailable",
    message: /no coordinator leads/,
  });

  one.backend.leaderView = { id: "c3", address: "127.0.0.1:1", epoch: 2 };
  expect(await refusal(submit(one, { spec: hello }))).toMatchObject({
    code: "unavailable",
    message: /may or may not have happened/,
    retryAfterMs: 200,
  });
});

/** Reads a watch until `done` says so of what has come. */
async function watchUntil(
  stream: AsyncIterable<WatchTasksResponse__Output> & { cancel(): void },
  done: (messages: readonly WatchTasksResponse__Output[]) => boolean,
): Promise<WatchTasksResponse__Output[]> {
  const messages: WatchTasksResponse__Output[] = [];
  for await (const message of stream) {
    messages.push(message);
    if (done(messages)) break;
  }
  stream.cancel();
  return messages;
}

const statesOf = (messages: readonly WatchTasksResponse__Output[]) =>
  messages.flatMap(({ tasks = [] }) => tasks.map(({ state }) => state));

test("a watch gives the present state, every change, and ends with the task when asked to", async () => {
  const coordinator = await startCoordinator();
  const { taskId = "" } = await submit(coordinator, { spec: hello });
  const stream = coordinator.tasks.watch({ taskId, untilEnded: true });
  stream.on("data", (message: WatchTasksResponse__Output) => {
    if (!message.caughtUp) return;
    coordinator.backend.change(taskId, { state: "running", attempts: [attempt()] });
    setImmediate(() =>
      coordinator.backend.change(taskId, { state: "succeeded", attempts: [attempt({ state: "succeeded" })] }),
    );
  });
  const { messages, error } = await collect<WatchTasksResponse__Output>(stream);
  expect(error).toBeNull();
  expect(statesOf(messages)).toEqual(["TASK_STATE_PENDING", "TASK_STATE_RUNNING", "TASK_STATE_SUCCEEDED"]);
});

test("a watch resumes behind a revision, and is told when that is no longer possible", async () => {
  const coordinator = await startCoordinator("c1", { maxRecords: 50 });
  const { taskId = "", revision = "" } = await submit(coordinator, { spec: hello });
  coordinator.backend.change(taskId, { state: "running", attempts: [attempt()] });
  const resumed = await watchUntil(coordinator.tasks.watch({ filter: {}, fromRevision: revision }), (messages) =>
    messages.some(({ caughtUp }) => caughtUp),
  );
  expect(statesOf(resumed)).toEqual(["TASK_STATE_RUNNING"]);
  expect(resumed.at(-1)?.revision).toBe("h1.2");

  for (let at = 0; at < 100; at += 1) coordinator.backend.change(taskId, { failures: at });
  for (const [fromRevision, code] of [
    [revision, "outOfRange"],
    ["h0.1", "outOfRange"],
    ["x", "invalidArgument"],
  ] as const) {
    const { error } = await collect(coordinator.tasks.watch({ taskId, fromRevision }));
    expect(error, fromRevision).toMatchObject({ code, fields: [{ field: "from_revision" }] });
  }
});

test("a watched task that no longer matches the filter is still told once it was seen", async () => {
  const coordinator = await startCoordinator();
  const { taskId = "" } = await submit(coordinator, { spec: hello });
  const stream = coordinator.tasks.watch({ filter: { states: ["TASK_STATE_PENDING"] }, untilEnded: true });
  stream.once("data", () => coordinator.backend.change(taskId, { state: "cancelled", endedAtMs: 3 }));
  const { messages } = await collect<WatchTasksResponse__Output>(stream);
  expect(statesOf(messages)).toEqual(["TASK_STATE_PENDING", "TASK_STATE_CANCELLED"]);
});

test("a reader that takes nothing costs a bounded amount, and is dropped", async () => {
  const coordinator = await startCoordinator("c1", { slowReaderMs: 50 });
  const { taskId = "" } = await submit(coordinator, { spec: hello });
  coordinator.backend.change(taskId, { state: "running", attempts: [attempt()] });
  let produced = 0;
  const dropped = new Promise<void>((resolve) => {
    coordinator.backend.outputs.set("n1", async function* () {
      try {
        for (; produced < 10_000; produced += 1) yield [{ data: Buffer.alloc(64 * 1024), stream: "STREAM_STDOUT" }];
      } finally {
        resolve();
      }
    });
  });
  const stream = coordinator.tasks.logs({ taskId });
  const failed = new Promise<ServiceError>((resolve) => stream.once("error", resolve));
  // Before its first read, the client library takes in everything.
  stream.once("data", () => stream.pause());
  await dropped;
  expect(produced).toBeGreaterThan(0);
  expect(produced).toBeLessThan(500);
  stream.resume();
  expect(fromServiceError(await failed).code).toBe("resourceExhausted");
});

test("output comes from the node, and from the last report when the node cannot be asked", async () => {
  const coordinator = await startCoordinator();
  const { taskId = "" } = await submit(coordinator, { spec: hello });
  expect((await collect(coordinator.tasks.logs({ taskId }))).error?.code).toBe("notFound");
  const followed = collect(coordinator.tasks.logs({ taskId, follow: true }));
  coordinator.backend.outputs.set("n1", async function* (wish) {
    yield [{ data: Buffer.from(`attempt ${wish.attempt}`), stream: "STREAM_STDOUT" }];
  });
  await expect
    .poll(async () => {
      coordinator.backend.change(taskId, { state: "running", attempts: [attempt()] });
      return Promise.race([followed.then(() => true), new Promise((resolve) => setTimeout(resolve, 50, false))]);
    })
    .toBe(true);
  expect(await followed).toMatchObject({
    error: null,
    messages: [{ data: Buffer.from("attempt 1"), source: "SOURCE_NODE", attempt: 1 }],
  });

  coordinator.backend.outputs.clear();
  expect((await collect(coordinator.tasks.logs({ taskId }))).error).toMatchObject({ code: "unavailable" });
  coordinator.backend.tails.set(`${taskId}.1`, [{ data: Buffer.from("tail"), stream: "STREAM_STDERR" }]);
  expect((await collect(coordinator.tasks.logs({ taskId }))).messages).toMatchObject([{ source: "SOURCE_REPORT" }]);
  expect((await collect(coordinator.tasks.logs({ taskId, attempt: 7 }))).error?.code).toBe("notFound");
  expect((await collect(coordinator.tasks.logs({ taskId, attempt: -1 }))).error?.fields[0]?.field).toBe("attempt");
});

test("nodes are listed, watched and administered", async () => {
  const coordinator = await startCoordinator();
  coordinator.backend.join("n1");
  const listed = await ask<object>((answer) =>
    coordinator.nodes.list({ states: ["NODE_STATE_READY"], labels: { zone: "a" } }, new Metadata(), soon(), answer),
  );
  expect(listed).toMatchObject({ nodes: [{ id: "n1", state: "NODE_STATE_READY", lastBeatAgeMs: 13 }] });
  const stream = coordinator.nodes.watch({});
  stream.once("data", () => {
    coordinator.nodes.drain({ nodeId: "n1", deadlineMs: 60_000, reason: "kernel" }, () => undefined);
  });
  for await (const message of stream) {
    const node = (message as { nodes?: { cordoned?: boolean; drain?: object; reason?: string }[] }).nodes?.[0];
    if (node?.cordoned !== true) continue;
    expect(node).toMatchObject({ reason: "kernel", drain: { attemptsLeft: 0 } });
    break;
  }
  const tooLong = ask((answer) =>
    coordinator.nodes.drain({ nodeId: "n1", deadlineMs: -1 }, new Metadata(), soon(), answer),
  );
  expect((await refusal(tooLong)).fields[0]?.field).toBe("deadline_ms");
});

test("what was measured of a node is told step by step, with gaps where nothing was", async () => {
  const coordinator = await startCoordinator();
  coordinator.backend.join("n1");
  const measured = new NodeSeries();
  const nowMs = Date.now();
  measured.put([{ metric: "cpu_used", part: "", value: 0.5 }], nowMs - 60_000);
  measured.put([{ metric: "disk_used", part: "/", value: 0.25 }], nowMs - 60_000);
  coordinator.backend.series.set("n1", measured);
  const series = (request: NodeSeriesRequest) =>
    ask<NodeSeriesResponse__Output>((answer) => coordinator.nodes.series(request, new Metadata(), soon(), answer));
  const all = await series({ nodeId: "n1" });
  expect(all).toMatchObject({ stepMs: 5_000, series: [{ metric: "cpu_used" }, { metric: "disk_used", part: "/" }] });
  const values = all.series?.[0]?.values ?? [];
  expect(values.filter((value) => !Number.isNaN(value))).toEqual([0.5]);
  expect(values.length, "15 minutes").toBe(180);
  const { archive } = coordinator.backend;
  const stored = { metric: "cpu_used", part: "", average: 0.25, highest: 1 } as const;
  await archive.write("n1", "minute", nowMs - 1_800_000, [stored]);
  await archive.write("n1", "minute", nowMs - 60_000, [stored]);
  const hour = await series({ nodeId: "n1", metrics: ["cpu_used"], fromMs: nowMs - 3_600_000 });
  expect(hour).toMatchObject({ stepMs: 60_000, series: [{ metric: "cpu_used" }] });
  const known = (hour.series?.[0]?.values ?? []).filter((value) => !Number.isNaN(value));
  expect(known, "what it has heard itself goes before what is stored").toEqual([0.25, 0.5]);
  await archive.write("n1", "hour", nowMs - 2 * 86_400_000, [stored]);
  const days = await series({ nodeId: "n1", fromMs: nowMs - 3 * 86_400_000 });
  expect(days).toMatchObject({ stepMs: 3_600_000, series: [{ metric: "cpu_used" }] });
  expect(days.series?.[0]?.values?.filter((value) => !Number.isNaN(value))).toEqual([0.25]);
  expect(days.series?.[0]?.highest?.filter((value) => !Number.isNaN(value))).toEqual([1]);
  archive.read = () => Promise.reject(new HoldfastError("unavailable", "the storage does not answer"));
  const remembered = await series({ nodeId: "n1", metrics: ["cpu_used"], fromMs: nowMs - 3_600_000 });
  expect(remembered.series?.[0]?.values?.filter((value) => !Number.isNaN(value))).toEqual([0.5]);
  expect((await refusal(series({ nodeId: "n1", fromMs: nowMs - 3 * 86_400_000 }))).code).toBe("unavailable");
  expect((await refusal(series({ nodeId: "n2" }))).code).toBe("notFound");
  expect((await refusal(series({ nodeId: "n1", metrics: ["cpu"] }))).fields).toMatchObject([
    { field: "metrics", description: expect.stringContaining('"cpu" is not measured; there are cpu_used, ') },
  ]);
  const backwards = series({ nodeId: "n1", fromMs: 20, toMs: 10 });
  expect((await refusal(backwards)).fields).toMatchObject([{ field: "from_ms" }]);
});

test("a node is confirmed dead only when it is lost and its id is given twice", async () => {
  const coordinator = await startCoordinator();
  coordinator.backend.join("n1");
  const confirmDead = (request: { nodeId: string; confirmNodeId?: string }) =>
    refusal(ask((answer) => coordinator.nodes.confirmDead(request, new Metadata(), soon(), answer)));
  const unsaid = await confirmDead({ nodeId: "n1" });
  expect(unsaid.fields[0]).toMatchObject({ field: "confirm_node_id", description: 'is ""; repeat n1 to confirm' });
  expect((await confirmDead({ nodeId: "n1", confirmNodeId: "n2" })).code).toBe("invalidArgument");
  expect(await confirmDead({ nodeId: "n1", confirmNodeId: "n1" })).toMatchObject({
    code: "failedPrecondition",
    message: "node_id: n1 is not lost; only a lost node can be confirmed dead",
  });
});

test("that a task is exclusive is told in full and in lists, and its grace is bounded", async () => {
  const coordinator = await startCoordinator();
  const { taskId = "" } = await submit(coordinator, { spec: { ...hello, exclusive: true } });
  const got = ask<object>((answer) => coordinator.tasks.get({ taskId }, new Metadata(), soon(), answer));
  expect(await got).toMatchObject({ task: { spec: { exclusive: true, stopGraceMs: 5_000 } } });
  const listed = ask<object>((answer) => coordinator.tasks.list({}, new Metadata(), soon(), answer));
  expect(await listed).toMatchObject({ tasks: [{ id: taskId, spec: { exclusive: true } }] });
  const tooLong = refusal(submit(coordinator, { spec: { ...hello, exclusive: true, stopGraceMs: 6_000 } }));
  expect((await tooLong).fields).toMatchObject([{ field: "spec.stop_grace_ms" }]);
});

test("the cluster tells its state and its history, and its switches work", async () => {
  const coordinator = await startCoordinator();
  coordinator.backend.join("n1");
  await submit(coordinator, { spec: hello });
  await ask((answer) => coordinator.cluster.pausePlacement({ reason: "night" }, new Metadata(), soon(), answer));
  expect(await ask<object>((answer) => coordinator.cluster.status({}, new Metadata(), soon(), answer))).toMatchObject({
    cell: "main",
    leaderId: "c1",
    nodes: { NODE_STATE_READY: 1 },
    tasks: [{ state: "TASK_STATE_PENDING", count: 1 }],
    placementPaused: true,
    placementPausedReason: "night",
    allocatable: { cpuMillis: 4_000 },
  });
  const kinds = ({ messages }: { messages: { events?: { kind?: string }[] }[] }) =>
    messages.flatMap(({ events = [] }) => events.map(({ kind }) => kind));
  const past = await collect(coordinator.cluster.events({ tail: 1 }));
  expect(kinds(past)).toEqual(["placement.paused"]);
  const following = coordinator.cluster.events({ follow: true, tail: 1 });
  const seen: (string | undefined)[] = [];
  for await (const message of following) {
    seen.push(...kinds({ messages: [message as object] }));
    if (seen.length > 1) break;
    coordinator.cluster.resumePlacement({}, () => undefined);
  }
  expect(seen).toEqual(["placement.paused", "placement.resumed"]);
  await ask((answer) => coordinator.cluster.stepDown({ reason: "upgrade" }, new Metadata(), soon(), answer));
  expect(coordinator.backend.steppedDown).toEqual(["upgrade"]);
});

test("an unforeseen failure is logged once, and told without its text", async () => {
  const coordinator = await startCoordinator();
  coordinator.backend.failure = new Error("secret of the house");
  const error = await refusal(ask((answer) => coordinator.cluster.status({}, new Metadata(), soon(), answer)));
  expect(error.code).toBe("internal");
  expect(error.message).not.toMatch(/secret/);
  expect(coordinator.logged).toHaveLength(1);
  expect(coordinator.logged[0]).toMatch(/secret of the house.*ClusterService\/Status/);
});

test("stopping ends streams with a status that sends clients elsewhere", async () => {
  const coordinator = await startCoordinator();
  const { taskId = "" } = await submit(coordinator, { spec: hello });
  const stream = coordinator.tasks.watch({ taskId });
  stream.once("data", () => void coordinator.stop());
  expect((await collect(stream)).error).toMatchObject({ code: "unavailable", message: /is stopping/ });
  await coordinator.stop();
});

test("health and reflection answer any generic client", async () => {
  const coordinator = await startCoordinator();
  const health = loadSync(healthProto, { enums: String })["grpc.health.v1.Health"] as ServiceDefinition;
  const Health = makeGenericClientConstructor(health, "Health");
  const client = new Health(coordinator.address, credentials.createInsecure());
  cleanups.push(() => client.close());
  const check = (service: string) => ask((answer) => client["Check"]?.({ service }, answer));
  expect(await check("")).toEqual({ status: "SERVING" });
  expect(await check("holdfast.v1.TaskService")).toEqual({ status: "SERVING" });
  coordinator.server.setServing(false);
  expect(await check("")).toEqual({ status: "NOT_SERVING" });
  await expect(check("nobody")).rejects.toMatchObject({ code: status.NOT_FOUND });

  const reflection = reflectionOf(coordinator.address);
  const { listServicesResponse } = await reflection({ listServices: "" });
  const names = listServicesResponse.service.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(["grpc.health.v1.Health", "holdfast.v1.TaskService"]));
});

test("reflection describes messages as protoc would: strict clients refuse anything else", async () => {
  const coordinator = await startCoordinator();
  const answer = await reflectionOf(coordinator.address)({ fileContainingSymbol: "holdfast.v1.TaskSpec" });
  const files: Buffer[] = answer.fileDescriptorResponse.fileDescriptorProto;
  const messages = files.flatMap(
    (bytes) => (FileDescriptorProto.decode(bytes) as IFileDescriptorProto).messageType ?? [],
  );
  const spec = messages.find(({ name }) => name === "TaskSpec");
  expect(spec?.nestedType?.map(({ name }) => name)).toEqual(["EnvironmentEntry", "LabelsEntry"]);
  const field = (name: string) => spec?.field?.find((candidate) => candidate.name === name);
  expect(field("environment")?.typeName).toBe("EnvironmentEntry");
  expect(field("stop_grace_ms")).toMatchObject({ proto3Optional: true });
  expect(field("working_directory")).toMatchObject({ proto3Optional: false });
});

/** Asks as a generic client does that has no .proto files. */
function reflectionOf(address: string) {
  const folder = dirname(createRequire(import.meta.url).resolve("@grpc/reflection/package.json"));
  const proto = join(folder, "build/proto/grpc/reflection/v1/reflection.proto");
  const definition = loadSync(proto)["grpc.reflection.v1.ServerReflection"] as ServiceDefinition;
  const Reflection = makeGenericClientConstructor(definition, "ServerReflection");
  const client = new Reflection(address, credentials.createInsecure());
  cleanups.push(() => client.close());
  return async (request: object) => {
    const stream = client["ServerReflectionInfo"]?.(new Metadata());
    stream.write(request);
    const [answer] = await once(stream, "data");
    stream.end();
    return answer;
  };
}

test("an address that cannot be listened on is told with what to do", async () => {
  const { address } = await startCoordinator();
  const port = Number(address.split(":")[1]);
  const insecure = ServerCredentials.createInsecure();
  await expect(new ApiServer([]).listen("127.0.0.1", port, insecure)).rejects.toThrow(
    /127\.0\.0\.1:\d+: the port is in use/,
  );
  await expect(new ApiServer([]).listen("192.0.2.1", 0, insecure)).rejects.toThrow(
    /192\.0\.2\.1:0: the address is not one of/,
  );
  await expect(new ApiServer([]).listen("no-such-host.invalid", 0, insecure)).rejects.toThrow(/there is no such host/);
});
