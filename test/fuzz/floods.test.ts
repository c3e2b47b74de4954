/** Too much of what is right in itself: calls, streams, connections, readers that do not read. And what is no gRPC at all. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { status } from "@grpc/grpc-js";
import {
  agentServiceDefinition,
  peerServiceDefinition,
  taskServiceDefinition,
} from "@holdfast/shared/contract/load.ts";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../harness/waiting.ts";
import type { RawClient } from "./raw-client.ts";
import { drawn } from "./seed.ts";
import { addressOf, heldGrowthMaxBytes, notYet, residentGrowthMaxBytes, Target } from "./target.ts";

const { Submit, Watch, List } = taskServiceDefinition;
const { path: sessionPath, requestSerialize: writeAgentMessage } = agentServiceDefinition.Session;
const { path: linkPath } = peerServiceDefinition.Link;

let target: Target;
beforeAll(async () => {
  target = await Target.start();
}, 90_000);
afterEach(async () => await target.expectUnharmed());
afterAll(async () => await target[Symbol.asyncDispose]());

test("10,000 submissions at once are each answered, and bounded", { timeout: 90_000 }, async () => {
  const calls = 10_000;
  using client = target.rawClient();
  // One request id: they are one task, however many are sent.
  const request = Submit.requestSerialize({ namespace: "default", requestId: "flood", spec: notYet });
  const answers = await Promise.all(Array.from({ length: calls }, () => client.call(Submit, request)));
  const codes = Map.groupBy(answers, ({ code }) => status[code]);
  expect([...codes.keys()].filter((code) => code !== "OK" && code !== "RESOURCE_EXHAUSTED")).toEqual([]);
  expect(codes.get("OK")?.length, "most should be taken").toBeGreaterThan(calls / 2);
});

test("readers that never read cost no more than a bounded buffer each", { timeout: 90_000 }, async () => {
  const readers = 20;
  const batches = 10;
  const before = await target.memoryUse();
  const clients = Array.from({ length: readers }, () => target.rawClient());
  for (const client of clients) {
    const watch = client.watch(Watch.path, Watch.requestSerialize({ namespace: "default", filter: {} }));
    watch.on("error", () => {});
    watch.pause();
  }
  // 14 MB of changes for each of them: 280 MB if they were kept.
  const labels = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`label-${index}`, "x".repeat(63)]));
  const specs = Array.from({ length: 100 }, () => ({ ...notYet, name: "watched", labels }));
  for (let batch = 0; batch < batches; batch += 1) await target.client.tasks.submitBatch({ specs });
  await target.client.tasks.cancel({ filter: { name: "watched" } });
  const during = await target.memoryUse();
  expect(during.heldBytes - before.heldBytes, "the tasks, and what waits for readers").toBeLessThan(96 * 1024 ** 2);
  for (const client of clients) client[Symbol.dispose]();
});

test("streams that are opened and dropped by the hundred leave nothing", { timeout: 90_000 }, async () => {
  const inventory = { allocatable: { cpuMillis: 1_000, memoryBytes: 2 ** 30 } };
  const hello = writeAgentMessage({ hello: { nodeId: "dropper", bootId: "b", instanceId: "i", inventory } });
  const watch = Watch.requestSerialize({ namespace: "default", filter: {} });
  /** Opens one of the three kinds, half of the sessions with a Hello, and drops it, most of them before they stand. */
  const dropped = (client: RawClient, index: number) => {
    const kinds = [() => client.open(linkPath), () => client.open(sessionPath), () => client.watch(Watch.path, watch)];
    const stream = kinds[index % kinds.length]?.() as ReturnType<RawClient["watch"]>;
    if (stream instanceof Duplex && index % 2 === 0) stream.write(hello);
    stream.on("error", () => {});
    stream.on("data", () => {});
    if (index % 5 === 0) setImmediate(() => stream.cancel());
    else stream.cancel();
    return new Promise((resolve) => stream.on("status", resolve));
  };
  const round = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      using client = target.rawClient();
      const ends = Array.from({ length: 300 }, (_, index) => dropped(client, index));
      await Promise.all(ends);
    }
    return await target.memoryUse();
  };
  await round();
  const first = await round();
  const second = await round();
  expect(second.heldBytes - first.heldBytes, "what is held after collecting garbage").toBeLessThan(heldGrowthMaxBytes);
  expect(second.residentBytes - first.residentBytes).toBeLessThan(residentGrowthMaxBytes);
});

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** HTTP/2 frames: 24 bits of length, type, flags, stream. */
function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
const settings = frame(4, 0, 0, Buffer.alloc(0));

const openings: readonly (readonly [string, Buffer])[] = [
  ["nothing", Buffer.alloc(0)],
  ["HTTP/1", Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")],
  ["a TLS greeting", Buffer.from("16030100c8010000c40303", "hex")],
  ["half a preface", preface.subarray(0, 10)],
  ["a preface alone", preface],
  ["settings and half a frame", Buffer.concat([preface, settings, Buffer.from([0, 255, 255, 1])])],
  ["headers that cannot be decoded", Buffer.concat([preface, settings, frame(1, 4, 1, Buffer.alloc(64, 0xff))])],
  ["headers without an end", Buffer.concat([preface, settings, frame(1, 0, 1, Buffer.alloc(64))])],
  ["data for no stream", Buffer.concat([preface, settings, frame(0, 1, 7, Buffer.alloc(100))])],
  ["a huge frame", Buffer.concat([preface, settings, frame(0, 0, 1, Buffer.alloc(2 ** 20))])],
  ["a thousand pings", Buffer.concat([preface, settings, ...Array(1_000).fill(frame(6, 0, 0, Buffer.alloc(8)))])],
  ["a thousand resets", Buffer.concat([preface, settings, ...Array(1_000).fill(frame(3, 0, 1, Buffer.alloc(4)))])],
];

test("connections that speak no gRPC, or only begin to", { timeout: 90_000 }, async () => {
  const noise = fc.uint8Array({ minLength: 1, maxLength: 2_000 }).map((bytes) => Buffer.from(bytes));
  const garbage = drawn(noise, 40);
  const all = [
    ...openings.map(([, bytes]) => bytes),
    ...garbage,
    ...garbage.map((bytes) => Buffer.concat([preface, settings, bytes])),
  ];
  const round = async () => {
    for (const member of [target.leader, target.standby]) await Promise.all(all.map((bytes) => sendRaw(member, bytes)));
    return await target.memoryUse();
  };
  await round();
  const first = await round();
  const second = await round();
  expect(second.heldBytes - first.heldBytes).toBeLessThan(heldGrowthMaxBytes);
});

test("a thousand connections that say nothing keep nobody from being served", { timeout: 90_000 }, async () => {
  const sockets = await Promise.all(Array.from({ length: 1_000 }, () => dial(target.leader)));
  using client = target.rawClient();
  expect(await client.call(List, List.requestSerialize({ namespace: "default" }))).toMatchObject({ code: status.OK });
  for (const socket of sockets) socket.destroy();
  await until("that it is served after they have gone", async () => {
    return (await client.call(List, List.requestSerialize({ namespace: "default" }))).code === status.OK;
  });
});

async function dial(member: Target["leader"]): Promise<Socket> {
  const [host = "", port] = addressOf(member).split(":");
  const socket = connect({ host, port: Number(port) });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Sends it, hears what comes, and hangs up without a word. */
async function sendRaw(member: Target["leader"], bytes: Buffer): Promise<void> {
  const socket = await dial(member);
  socket.resume();
  await new Promise<void>((resolve) => {
    socket.once("close", resolve);
    socket.write(bytes, () => setImmediate(() => socket.destroy()));
  });
}
