/** Sessions over a real socket: who may speak for a node, and what reaches the core. */
import { once } from "node:events";
import { credentials, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { systemClock } from "@holdfast/shared/clock.ts";
import type { AgentMessage } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { CoordinatorMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import { AgentServiceClient, agentServiceDefinition } from "@holdfast/shared/contract/load.ts";
import { afterEach, expect, test, vi } from "vitest";
import type { CoordinatorEvent, Heard } from "../core/event.ts";
import { acceptedStream } from "../stream/grpc-stream.ts";
import { AgentSessions, type AgentStream } from "./agent-sessions.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function coordinator({ leadingEpoch = 7 } = {}) {
  const heard: Heard[] = [];
  const posted: CoordinatorEvent[] = [];
  const sessions = new AgentSessions({
    coordinatorId: "c1",
    beatIntervalMs: 60_000,
    metricsIntervalMs: 60_000,
    suspectAfterMs: () => 1_500,
    startValidMs: () => 3_000,
    leadingEpoch: () => leadingEpoch,
    hear: (one) => heard.push(one),
    post: (event) => posted.push(event),
    metEpoch: () => {},
    passingOn: { leaderId: () => "", isMissed: () => false, sendTo: () => false },
    sendThrough: () => false,
    seed: () => 1,
    clock: systemClock,
    log: { warn: () => {}, error: () => {} },
  });
  const server = new Server();
  server.addService(agentServiceDefinition, {
    session: (call: Parameters<typeof acceptedStream>[0]) => sessions.accept(acceptedStream(call) as AgentStream),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  closers.push(() => server.forceShutdown());
  const dial = () => {
    const client = new AgentServiceClient(`127.0.0.1:${port}`, credentials.createInsecure());
    closers.push(() => client.close());
    const stream = client.session();
    // What ends it when the test is over is no failure of the test.
    stream.on("error", () => {});
    return stream;
  };
  return { sessions, heard, posted, dial };
}

function hello(instanceId: string, highestEpoch = 7): AgentMessage {
  return { hello: { nodeId: "node-1", bootId: "boot", instanceId, highestEpoch, agentVersion: "1", inventory: {} } };
}

test("a Hello is welcomed, heard, and posted to a leader", async () => {
  const { heard, posted, dial } = await coordinator();
  const stream = dial();
  stream.write(hello("a"));
  const [message] = await once(stream, "data");
  expect(message).toMatchObject({ welcome: { coordinatorId: "c1", leadingEpoch: 7 } });
  expect(heard).toMatchObject([{ kind: "joined", nodeId: "node-1", instanceId: "a" }]);
  expect(posted).toMatchObject([{ kind: "hello", hello: { nodeId: "node-1" } }]);
});

test("a Hello that was said before its agent met this leadership is asked for once more", async () => {
  const { posted, dial } = await coordinator();
  const stream = dial();
  const messages: CoordinatorMessage__Output[] = [];
  const inquired = new Promise<number>((resolve) => {
    stream.on("data", (message: CoordinatorMessage__Output) => {
      messages.push(message);
      if (message.leading !== undefined) resolve(message.leading.inquiry ?? 0);
    });
  });
  stream.write(hello("a", 6));
  const inquiry = await inquired;
  expect(messages).toMatchObject([{ welcome: { leadingEpoch: 7 } }, { leading: { epoch: 7 } }]);
  expect(posted).toEqual([]);
  const { hello: again } = hello("a", 7);
  stream.write({ hello: { ...again, answersInquiry: inquiry } });
  await vi.waitFor(() => expect(posted).toMatchObject([{ kind: "hello", hello: { highestEpoch: 7 } }]));
});

test("a standby hears, and posts nothing", async () => {
  const { heard, posted, dial } = await coordinator({ leadingEpoch: 0 });
  const stream = dial();
  stream.write(hello("a"));
  await once(stream, "data");
  expect(heard).toHaveLength(1);
  expect(posted).toEqual([]);
});

test("the latest checks of an agent are kept, bounded, while its session lasts", async () => {
  const { sessions, posted, dial } = await coordinator();
  const stream = dial();
  stream.write(hello("a"));
  await once(stream, "data");
  expect(sessions.checksOf("node-1")).toEqual([]);
  const before = posted.length;
  const reason = "x".repeat(2_000);
  stream.write({
    checks: { checks: [{ name: "pids", health: "HEALTH_DEGRADED", reason, sinceMs: 5 }, { name: "new" }] },
  });
  await vi.waitFor(() => expect(sessions.checksOf("node-1")).toHaveLength(2));
  expect(sessions.checksOf("node-1")).toMatchObject([
    { name: "pids", health: "HEALTH_DEGRADED", reason: "x".repeat(1_024), sinceMs: 5, checkedAtMs: 0 },
    { name: "new", health: "HEALTH_UNKNOWN", reason: "" },
  ]);
  const many = Array.from({ length: 100 }, (_, number) => ({ name: `custom.${number}`, health: 9 }));
  stream.write({ checks: { checks: many as never } });
  await vi.waitFor(() => expect(sessions.checksOf("node-1")).toHaveLength(64));
  expect(sessions.checksOf("node-1")[0], "a state of a later version").toMatchObject({ health: "HEALTH_UNKNOWN" });
  expect(posted, "checks ask for no decision").toHaveLength(before);
  stream.end();
  await vi.waitFor(() => expect(sessions.checksOf("node-1")).toEqual([]));
});

test("a check without a proper name is refused", async () => {
  const { dial } = await coordinator();
  const stream = dial();
  stream.write(hello("a"));
  await once(stream, "data");
  stream.write({ checks: { checks: [{ name: "no name\n", health: "HEALTH_HEALTHY" }] } });
  const [error] = await once(stream, "error");
  expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details: expect.stringContaining("checks.name") });
});

test("an order that a Hello causes answers the beat that the Hello names, not one of long ago", async () => {
  const { sessions, posted, dial } = await coordinator();
  const stream = dial();
  stream.write(hello("a"));
  await once(stream, "data");
  stream.write({ beat: { sequence: 5 } });
  stream.write({ hello: { ...hello("a").hello, lastBeat: 18 } });
  await vi.waitFor(() => expect(posted.filter(({ kind }) => kind === "hello")).toHaveLength(2));
  const order = { taskId: "t", attempt: 1, namespace: "default", body: "{}", devices: {}, leaseMs: 0 };
  sessions.release([{ kind: "start", nodeId: "node-1", ...order }], 7);
  const [message] = await once(stream, "data");
  expect(message).toMatchObject({ orders: { orders: [{ start: { answersBeat: 18, instanceId: "a" } }] } });
});

test("a second process under the name of a node that lives is refused, the first one stays", async () => {
  const { sessions, dial } = await coordinator();
  const first = dial();
  first.write(hello("a"));
  await once(first, "data");
  const second = dial();
  second.write(hello("b"));
  const [error] = await once(second, "error");
  expect(error).toMatchObject({ code: status.FAILED_PRECONDITION, details: expect.stringContaining("node-1") });
  expect(sessions.size).toBe(1);
});

test("the same process may dial again: its older stream is ended", async () => {
  const { sessions, dial } = await coordinator();
  const first = dial();
  first.write(hello("a"));
  await once(first, "data");
  const ended = once(first, "end");
  first.resume();
  const second = dial();
  second.write(hello("a"));
  await once(second, "data");
  await ended;
  expect(sessions.size).toBe(1);
});

test.each([
  ["no Hello first", { beat: { sequence: 1 } }, "content"],
  ["a bad name", { hello: { nodeId: "no spaces", bootId: "b", instanceId: "i" } }, "hello.node_id"],
  [
    "an unknown state",
    { hello: { nodeId: "n", bootId: "b", instanceId: "i", attempts: [{ taskId: "t", attempt: 1 }] } },
    "report.state",
  ],
  [
    "an epoch that would keep everybody from leading ever again",
    { hello: { nodeId: "n", bootId: "b", instanceId: "i", highestEpoch: 2 ** 53 } },
    "hello.highest_epoch",
  ],
])("%s is refused with the field", async (_, message, field) => {
  const { dial } = await coordinator();
  const stream = dial();
  stream.write(message as AgentMessage);
  const [error] = await once(stream, "error");
  expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details: expect.stringContaining(field) });
});
