/**
 * The streams that agents and other coordinators hold open, spoken by strangers: random and damaged messages, messages out of
 * order, and claims that no honest peer would make. A real node's work must not be touched by any of it.
 */
import { status } from "@grpc/grpc-js";
import type { AgentMessage } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { PeerMessage } from "@holdfast/shared/contract/generated/holdfast/v1/PeerMessage.ts";
import { agentServiceDefinition, peerServiceDefinition } from "@holdfast/shared/contract/load.ts";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../harness/waiting.ts";
import type { RawAnswer } from "./raw-client.ts";
import { drawn, seed } from "./seed.ts";
import { heldGrowthMaxBytes, residentGrowthMaxBytes, Target } from "./target.ts";
import { damaged, deeplyNested, messageBytes } from "./wire-messages.ts";

const { path: sessionPath, requestSerialize: writeAgentMessage } = agentServiceDefinition.Session;
const { path: linkPath, requestSerialize: writePeerMessage } = peerServiceDefinition.Link;

const conversations = 60;
const atOnce = 8;
const words = ["node-1", "node-2", "coordinator-7", "boot", "default", "main-000001", "SIGKILL"];

/** How a session may end; a message that is none is the library's to refuse, as INTERNAL. */
const sessionEnds = new Set([
  status.OK,
  status.INVALID_ARGUMENT,
  status.FAILED_PRECONDITION,
  status.RESOURCE_EXHAUSTED,
  status.INTERNAL,
]);

let target: Target;
/** Runs on node-1, whose agent is a real one. */
let running = "";
beforeAll(async () => {
  target = await Target.start({ agents: 1 });
  running = (await target.client.tasks.submit({ spec: { argv: ["sleep", "1000"] } })).taskId ?? "";
  await until("a task that runs", async () => (await stateOfTask()) === "TASK_STATE_RUNNING");
}, 90_000);
afterEach(async () => {
  await target.expectUnharmed();
  expect(await stateOfTask(), "the task of the real node").toBe("TASK_STATE_RUNNING");
});
afterAll(async () => await target[Symbol.asyncDispose]());

async function stateOfTask(): Promise<string | undefined> {
  const { task } = await target.client.tasks.get({ taskId: running });
  return task?.attempts?.length === 1 ? task.state : `${task?.state} after ${task?.attempts?.length} attempts`;
}

function hello(nodeId: string, more: NonNullable<AgentMessage["hello"]> = {}): Buffer {
  return writeAgentMessage({ hello: { nodeId, bootId: "boot", instanceId: `${nodeId}-a`, inventory: {}, ...more } });
}

async function converseAll(path: string, all: readonly (readonly Buffer[])[]): Promise<RawAnswer[]> {
  const answers: RawAnswer[] = [];
  for (let first = 0; first < all.length; first += atOnce) {
    using client = target.rawClient();
    const some = all.slice(first, first + atOnce);
    answers.push(...(await Promise.all(some.map((messages) => client.converse(path, messages)))));
  }
  return answers;
}

test("sessions of random and damaged messages", { timeout: 60_000 }, async () => {
  const message = damaged(messageBytes("AgentMessage", [...words, running]));
  const greeted = fc.array(message, { maxLength: 12 }).map((rest) => [hello("stranger"), ...rest]);
  const ungreeted = fc.array(message, { minLength: 1, maxLength: 4 });
  const all = [...drawn(greeted, conversations), ...drawn(ungreeted, conversations)];
  const answers = await converseAll(sessionPath, all);
  const strange = answers.filter(({ code }) => !sessionEnds.has(code));
  expect(strange, `seed ${seed}`).toEqual([]);
});

test("links of random and damaged messages", { timeout: 60_000 }, async () => {
  const message = damaged(messageBytes("PeerMessage", words));
  const self = { coordinatorId: "coordinator-7", address: "127.0.0.1:1", version: "1", startedAtMs: 1 };
  const greeted = fc.array(message, { maxLength: 12 }).map((rest) => [writePeerMessage({ hello: self }), ...rest]);
  const ungreeted = fc.array(message, { minLength: 1, maxLength: 4 });
  await converseAll(linkPath, [...drawn(greeted, conversations), ...drawn(ungreeted, conversations)]);
});

test("deeply nested and oversize messages on streams", { timeout: 60_000 }, async () => {
  const shapes = [
    deeplyNested(1, false),
    deeplyNested(1, true),
    deeplyNested(99, true),
    Buffer.alloc(1024 ** 2 + 1),
    Buffer.alloc(1024 ** 2, 0xff),
  ];
  for (const shape of shapes) {
    await converseAll(sessionPath, [[shape], [hello("stranger"), shape]]);
    await converseAll(linkPath, [[shape]]);
  }
});

const outOfOrder: readonly (readonly [string, readonly Buffer[], status])[] = [
  ["a beat before the Hello", [writeAgentMessage({ beat: { sequence: 1 } })], status.INVALID_ARGUMENT],
  ["nothing in a message", [Buffer.alloc(0)], status.INVALID_ARGUMENT],
  ["a second Hello for another node", [hello("stranger"), hello("stranger-2")], status.INVALID_ARGUMENT],
  ["a node without a name", [hello("")], status.INVALID_ARGUMENT],
  ["a name that leaves its folder", [hello("../node")], status.INVALID_ARGUMENT],
  ["65 labels", [hello("stranger", { labels: numberedLabels(65) })], status.INVALID_ARGUMENT],
];

function numberedLabels(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`label-${index}`, "x"]));
}

test.each(outOfOrder)("a session with %s is refused", async (_, messages, code) => {
  const [answer] = await converseAll(sessionPath, [messages]);
  expect(answer).toMatchObject({ code });
});

const hugeEpochs = [2n ** 64n - 1n, 2n ** 53n + 2n, 2n ** 53n - 1n].map(String);

test.each(hugeEpochs)("epoch %s is nobody's: the leader goes on leading, and a new one can be made", async (epoch) => {
  const before = await target.client.cluster.status();
  const refused = { refusedEpoch: 1, highestEpoch: epoch };
  const answers = await converseAll(sessionPath, [
    [hello("node-9", { highestEpoch: epoch })],
    [hello("node-9"), writeAgentMessage({ epochRefused: refused })],
  ]);
  expect(answers.map(({ code }) => code)).toEqual([status.INVALID_ARGUMENT, status.INVALID_ARGUMENT]);
  expect(await target.client.cluster.status()).toMatchObject({ epoch: before.epoch, leaderId: before.leaderId });
});

test("thousands of reports of attempts that nobody knows", { timeout: 60_000 }, async () => {
  const report = (index: number) => ({ taskId: `main-${index}`, attempt: 1, state: "ATTEMPT_STATE_RUNNING" as const });
  const message = (first: number) =>
    writeAgentMessage({ reports: { reports: Array.from({ length: 1_000 }, (_, index) => report(first + index)) } });
  const messages = Array.from({ length: 20 }, (_, index) => message(index * 1_000));
  const all = Array.from({ length: 1_000 }, (_, index) => report(index));
  const answers = await converseAll(sessionPath, [[hello("node-3", { attempts: all }), ...messages]]);
  expect(answers[0]?.code).toBe(status.OK);
});

/** What only a coordinator that the others know may say. */
const claims: readonly (readonly [string, PeerMessage])[] = [
  ["that a leader of the future has resigned", { resigned: { epoch: "9007199254740991" } }],
  ["that it hears nobody", { hearing: { silentNodeIds: words, steadyForMs: "9223372036854775807" } }],
  [
    "the word of an agent",
    { fromAgent: { nodeId: "node-1", instanceId: "i", message: { farewell: { returning: false, reason: "gone" } } } },
  ],
  [
    "an order for an agent",
    { toAgent: { nodeId: "node-1", instanceId: "i", message: { leading: { epoch: "9007199254740991" } } } },
  ],
  [
    "records that were never committed",
    {
      orphanedRecords: {
        id: "o",
        lineage: "l",
        forkEpoch: 0,
        forkSequence: 0,
        endEpoch: 1,
        endSequence: 1,
        lines: ["+task\tmain-1\t{}", "not a record", "-task\tmain-1\t", "+cluster\tcluster\tnull"],
        piece: 0,
        lastPiece: true,
      },
    },
  ],
  ["pieces without a beginning", { orphanedRecords: { id: "p", lineage: "l", piece: 4_000_000_000, lines: ["x"] } }],
  ["that orphans are merged", { orphansMerged: { id: "o" } }],
];

test.each(claims)("a stranger claims %s: nothing comes of it", { timeout: 30_000 }, async (_, claim) => {
  const before = await target.client.cluster.status();
  const revision = await target.revision();
  const self = { coordinatorId: "coordinator-7", address: "127.0.0.1:1", version: "1", startedAtMs: 1 };
  await converseAll(linkPath, [
    [writePeerMessage(claim)],
    [writePeerMessage({ hello: self }), writePeerMessage(claim)],
  ]);
  expect(await target.revision(), "a stranger's word should change nothing").toBe(revision);
  expect(await target.client.cluster.status()).toMatchObject({ epoch: before.epoch, leaderId: before.leaderId });
});

test("a stranger under a coordinator's name cannot end its leadership", { timeout: 30_000 }, async () => {
  const before = await target.client.cluster.status();
  const self = { coordinatorId: target.leader.id, address: "127.0.0.1:1", version: "1", startedAtMs: 1 };
  using client = target.rawClient(target.standby);
  await client.converse(linkPath, [writePeerMessage({ hello: self })]);
  expect(await target.client.cluster.status()).toMatchObject({ epoch: before.epoch, leaderId: before.leaderId });
});

test("a peer whose journal is damaged gives back what cannot be merged", { timeout: 60_000 }, async () => {
  const [lineage = ""] = (await target.revision()).split(".");
  const self = { coordinatorId: target.standby.id, address: "127.0.0.1:1", version: "1", startedAtMs: 1 };
  const kinds = ["task", "body", "tail", "node", "batch", "event", "cluster", "else"];
  const values = [
    "{}",
    "null",
    "[]",
    "7",
    "not JSON",
    '{"id":"x","attempts":null}',
    '{"attempts":[{}],"state":"running"}',
  ];
  const line = fc
    .tuple(
      fc.constantFrom("+", "-", ""),
      fc.constantFrom(...kinds),
      fc.constantFrom(...words, ""),
      fc.constantFrom(...values),
    )
    .map(([sign, kind, id, value]) => `${sign}${kind}\t${id}\t${value}`);
  const lines = fc.array(line, { maxLength: 8 });
  const message = fc.tuple(lines, fc.nat(3), fc.boolean()).map(([some, piece, lastPiece]) =>
    writePeerMessage({
      orphanedRecords: { id: `damaged-${piece}`, lineage, endEpoch: 1, endSequence: 1, lines: some, piece, lastPiece },
    }),
  );
  const conversation = fc
    .array(message, { minLength: 1, maxLength: 4 })
    .map((all) => [writePeerMessage({ hello: self }), ...all]);
  await converseAll(linkPath, drawn(conversation, 40));
});

test("what agents send is not kept", { timeout: 90_000 }, async () => {
  const beats = Array.from({ length: 2_000 }, (_, index) => writeAgentMessage({ beat: { sequence: index + 1 } }));
  const measured = writeAgentMessage({ metrics: { measuredAtMs: 1, cpuUsed: Number.NaN, memoryUsedBytes: -1 } });
  const round = async () => {
    const one = [hello("node-4"), ...beats, measured, ...Array.from({ length: 500 }, () => hello("node-4"))];
    for (let turn = 0; turn < 5; turn += 1) await converseAll(sessionPath, [one]);
    return await target.memoryUse();
  };
  await round();
  const first = await round();
  const second = await round();
  expect(second.heldBytes - first.heldBytes, "what is held after collecting garbage").toBeLessThan(heldGrowthMaxBytes);
  expect(second.residentBytes - first.residentBytes).toBeLessThan(residentGrowthMaxBytes);
});
