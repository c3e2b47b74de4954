/** Every method of every service gets messages with any values, whole and damaged: each is answered, and nothing is harmed. */
import { type ServiceDefinition, status } from "@grpc/grpc-js";
import {
  clusterServiceDefinition,
  nodeServiceDefinition,
  taskServiceDefinition,
} from "@holdfast/shared/contract/load.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RawAnswer, RawClient, RawMethod } from "./raw-client.ts";
import { drawn, seed } from "./seed.ts";
import { heldGrowthMaxBytes, residentGrowthMaxBytes, Target } from "./target.ts";
import { damaged, deeplyNested, messageBytes } from "./wire-messages.ts";

const requestsForEach = 120;
const atOnce = 16;
const MiB = 1024 ** 2;

/** What a client is told of its own fault, or of the cluster's state. Never that something unforeseen happened. */
const foreseen: ReadonlySet<status> = new Set([
  status.OK,
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.ALREADY_EXISTS,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
  status.RESOURCE_EXHAUSTED,
]);

interface Method extends RawMethod {
  readonly request: string;
}

const methods: readonly Method[] = [taskServiceDefinition, nodeServiceDefinition, clusterServiceDefinition].flatMap(
  (service: ServiceDefinition) =>
    Object.values(service)
      // It would end the leadership that the test looks at; handing over has its own tests.
      .filter(({ path }) => !path.endsWith("/StepDown"))
      .map(({ path, responseStream, ...method }) => {
        const { type } = (method as unknown as { requestType: { type: { name: string } } }).requestType;
        return { path, responseStream, request: type.name };
      }),
);

let target: Target;
beforeAll(async () => {
  target = await Target.start();
}, 90_000);
afterAll(async () => await target[Symbol.asyncDispose]());

/** The same words in every run, some of them ids of things that are there. */
async function vocabulary(): Promise<string[]> {
  const { taskId = "" } = await target.client.tasks.submit({ spec: { argv: ["true"] }, requestId: "known" });
  return ["default", taskId, "known", "node-1", "true", "gpu", "SIGTERM", await target.revision()];
}

async function callAll(client: RawClient, method: RawMethod, requests: readonly Buffer[]): Promise<RawAnswer[]> {
  const answers: RawAnswer[] = [];
  for (let first = 0; first < requests.length; first += atOnce) {
    const some = requests.slice(first, first + atOnce);
    answers.push(...(await Promise.all(some.map((request) => client.call(method, request)))));
  }
  return answers;
}

function expectForeseen(method: string, requests: readonly Buffer[], answers: readonly RawAnswer[]): void {
  const unforeseen = answers.flatMap(({ code, details }, index) =>
    foreseen.has(code) ? [] : [`${status[code]} ${details} for ${requests[index]?.toString("hex").slice(0, 2_000)}`],
  );
  expect(unforeseen, `${method}, seed ${seed}: answers that no request should get`).toEqual([]);
}

test.each(methods)("$path answers whatever comes", { timeout: 60_000 }, async (method) => {
  const requests = drawn(damaged(messageBytes(method.request, await vocabulary())), requestsForEach);
  for (const member of [target.leader, target.standby]) {
    using client = target.rawClient(member);
    expectForeseen(method.path, requests, await callAll(client, method, requests));
  }
  await target.expectUnharmed();
});

test("what is refused changes nothing", { timeout: 60_000 }, async () => {
  using client = target.rawClient();
  const words = await vocabulary();
  for (const method of methods) {
    const before = await target.revision();
    const requests = drawn(damaged(messageBytes(method.request, words)), 30);
    const answers = await callAll(client, method, requests);
    if (answers.every(({ code }) => code !== status.OK)) {
      expect(await target.revision(), `${method.path} refused all, seed ${seed}`).toBe(before);
    }
  }
});

const shapes: readonly (readonly [string, Buffer])[] = [
  ["messages in messages, a MiB of them", deeplyNested(3, false)],
  ["groups in groups, a million of them", deeplyNested(3, true)],
  ["unknown groups in groups", deeplyNested(99, true)],
  ["a MiB of zeros", Buffer.alloc(MiB - 1)],
  ["a MiB of ones", Buffer.alloc(MiB - 1, 0xff)],
];

test.each(shapes)("%s: answered by every method", { timeout: 60_000 }, async (_, request) => {
  using client = target.rawClient();
  for (const method of methods) expectForeseen(method.path, [request], await callAll(client, method, [request]));
  await target.expectUnharmed();
});

test("more than a MiB is refused by every method", { timeout: 60_000 }, async () => {
  using client = target.rawClient();
  const request = Buffer.alloc(MiB + 1);
  for (const method of methods) {
    const [answer] = await callAll(client, method, [request]);
    expect(answer, method.path).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  }
  await target.expectUnharmed();
});

const foreign: readonly RawMethod[] = [
  { path: "/grpc.health.v1.Health/Check", responseStream: false },
  { path: "/grpc.health.v1.Health/Watch", responseStream: true },
  { path: "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", responseStream: true },
  { path: "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", responseStream: true },
  { path: "/holdfast.v1.TaskService/NoSuchMethod", responseStream: false },
  { path: "/no.such.Service/Method", responseStream: true },
];

test.each(foreign)("$path takes any bytes without harm", { timeout: 60_000 }, async (method) => {
  using client = target.rawClient();
  const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  await callAll(client, method, [...drawn(noise, requestsForEach), ...shapes.map(([, bytes]) => bytes)]);
  await target.expectUnharmed();
});

test("nothing of what was sent is kept", { timeout: 90_000 }, async () => {
  const words = await vocabulary();
  using client = target.rawClient();
  const round = async () => {
    for (const method of methods) {
      // Refused by their text alone, so that no task is made that would be kept with good reason.
      const requests = drawn(damaged(messageBytes(method.request, words)), requestsForEach).map((bytes) =>
        Buffer.concat([bytes, Buffer.from([0x0a, 0x7f])]),
      );
      await callAll(client, method, requests);
    }
    await target.revision();
    return await target.memoryUse();
  };
  await round();
  const first = await round();
  const second = await round();
  expect(second.heldBytes - first.heldBytes, "what is held after collecting garbage").toBeLessThan(heldGrowthMaxBytes);
  expect(second.residentBytes - first.residentBytes).toBeLessThan(residentGrowthMaxBytes);
  await target.expectUnharmed();
});
