import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { toServiceError } from "../contract/status-details.ts";
import { HoldfastError, invalidField } from "../errors.ts";
import { HoldfastClient } from "./holdfast-client.ts";
import type { TaskLogsResponse, WatchTasksResponse } from "./messages.ts";
import { type Script, type ScriptedCoordinator, startScriptedCoordinator } from "./testing/scripted-coordinator.ts";

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function start(script: Script): Promise<ScriptedCoordinator> {
  const coordinator = await startScriptedCoordinator(script);
  cleanUps.push(() => coordinator.kill());
  return coordinator;
}

/** The first address is asked first. */
function clientOf(coordinators: readonly { readonly address: string }[], options = {}): HoldfastClient {
  const addresses = coordinators.map(({ address }) => address);
  const client = new HoldfastClient({ addresses, random: () => 0, ...options });
  cleanUps.push(() => client.close());
  return client;
}

const unavailable = (retryAfterMs?: number) =>
  toServiceError(new HoldfastError("unavailable", "no leader yet", retryAfterMs === undefined ? {} : { retryAfterMs }));

test("a submission that is answered UNAVAILABLE is repeated elsewhere under the same request id", async () => {
  const requestIds: (string | undefined)[] = [];
  const standby = await start({
    tasks: {
      Submit: (call, answer) => {
        requestIds.push(call.request.requestId);
        answer(unavailable());
      },
    },
  });
  const leader = await start({
    tasks: {
      Submit: (call, answer) => {
        requestIds.push(call.request.requestId);
        answer(null, { taskId: "main-1" });
      },
    },
  });
  const { taskId } = await clientOf([standby, leader]).tasks.submit({ spec: { argv: ["true"] } });
  expect(taskId).toBe("main-1");
  expect(requestIds).toHaveLength(2);
  expect(requestIds[0], "the repeat has the first call's request id").toBe(requestIds[1]);
  expect(requestIds[0]).toMatch(/^.{36}$/);
});

test("the only coordinator is asked again after the time that it named", async () => {
  const askedAtMs: number[] = [];
  const coordinator = await start({
    cluster: {
      Status: (_, answer) => {
        askedAtMs.push(performance.now());
        if (askedAtMs.length === 1) answer(unavailable(150));
        else answer(null, { cell: "main" });
      },
    },
  });
  expect((await clientOf([coordinator]).cluster.status()).cell).toBe("main");
  const [first = 0, second = 0] = askedAtMs;
  expect(second - first).toBeGreaterThanOrEqual(145);
});

test("an address where nobody listens is skipped", async () => {
  const gone = await start({});
  gone.kill();
  const alive = await start({ cluster: { Status: (_, answer) => answer(null, { cell: "main" }) } });
  expect((await clientOf([gone, alive]).cluster.status()).cell).toBe("main");
});

test("a coordinator that does not answer does not use up the deadline", async () => {
  const hung = await start({ cluster: { Status: () => {} } });
  const alive = await start({ cluster: { Status: (_, answer) => answer(null, { cell: "main" }) } });
  const begunAtMs = performance.now();
  const client = clientOf([hung, alive]);
  expect((await client.cluster.status({}, { deadlineMs: 6_000 })).cell).toBe("main");
  expect(performance.now() - begunAtMs).toBeLessThan(5_000);
});

test("when nobody can be reached the error says what each address said", async () => {
  const gone = await start({});
  gone.kill();
  const error = await clientOf([gone], { firstContactMs: 300 })
    .cluster.status()
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "unavailable",
    message: expect.stringContaining(`${gone.address}: connection refused`),
  });
});

test("a refusal is final, and names the field", async () => {
  let calls = 0;
  const coordinator = await start({
    tasks: {
      Submit: (_, answer) => {
        calls++;
        answer(toServiceError(invalidField("spec.argv", "is empty")));
      },
    },
  });
  const error = await clientOf([coordinator])
    .tasks.submit({ spec: {} })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error).toMatchObject({ code: "invalidArgument", fields: [{ field: "spec.argv", description: "is empty" }] });
  expect(calls).toBe(1);
});

test("a step-down whose answer is lost is not sent again", async () => {
  let calls = 0;
  const script: Script = {
    cluster: {
      StepDown: () => {
        calls++;
        leader.kill();
      },
    },
  };
  const leader = await start(script);
  const other = await start({
    cluster: { StepDown: (_, answer) => answer(null, { coordinatorId: `call ${++calls}` }) },
  });
  await expect(clientOf([leader, other]).cluster.stepDown({})).rejects.toBeInstanceOf(HoldfastError);
  expect(calls).toBe(1);
});

test("a call can be cancelled by its caller", async () => {
  const abort = new AbortController();
  const hung = await start({ cluster: { Status: () => abort.abort() } });
  await expect(clientOf([hung]).cluster.status({}, { signal: abort.signal })).rejects.toMatchObject({
    code: "cancelled",
  });
});

const running: WatchTasksResponse = {
  tasks: [{ id: "main-1", state: "TASK_STATE_RUNNING" }],
  revision: "7",
  caughtUp: true,
};
const succeeded: WatchTasksResponse = { tasks: [{ id: "main-1", state: "TASK_STATE_SUCCEEDED" }], revision: "9" };

test("a watch goes on at its last revision when its coordinator dies", async () => {
  const asked: (string | undefined)[] = [];
  const first = await start({ tasks: { Watch: (call) => void call.write(running) } });
  const second = await start({
    tasks: {
      Watch: (call) => {
        asked.push(call.request.fromRevision);
        call.write(succeeded);
      },
    },
  });
  const seen: unknown[] = [];
  for await (const message of clientOf([first, second]).tasks.watch({ taskId: "main-1", untilEnded: true })) {
    seen.push(message.tasks?.[0]?.state);
    if (seen.length === 1) first.kill();
  }
  expect(seen).toEqual(["TASK_STATE_RUNNING", "TASK_STATE_SUCCEEDED"]);
  expect(asked).toEqual(["7"]);
});

test("a watch whose revision is no longer at hand starts anew", async () => {
  const asked: (string | undefined)[] = [];
  const coordinator = await start({
    tasks: {
      Watch: (call) => {
        asked.push(call.request.fromRevision);
        if (call.request.fromRevision) call.emit("error", toServiceError(new HoldfastError("outOfRange", "trimmed")));
        else call.write({ ...succeeded, caughtUp: true });
      },
    },
  });
  const seen: unknown[] = [];
  const watch = clientOf([coordinator]).tasks.watch({ taskId: "main-1", fromRevision: "3", untilEnded: true });
  for await (const message of watch) seen.push(message.revision);
  expect(asked).toEqual(["3", ""]);
  expect(seen).toEqual(["9"]);
});

test("output goes on where it broke off, although it is cut differently", async () => {
  const piece = (text: string, writtenAtMs: number): TaskLogsResponse => ({
    data: Buffer.from(text),
    stream: "STREAM_STDOUT",
    attempt: 2,
    writtenAtMs,
  });
  const first = await start({
    tasks: {
      Logs: (call) => {
        call.write(piece("ab", 10));
        call.write(piece("cd", 20));
      },
    },
  });
  const attempts: (number | undefined)[] = [];
  const second = await start({
    tasks: {
      Logs: (call) => {
        attempts.push(call.request.attempt);
        call.write(piece("a", 10));
        call.write(piece("b", 10));
        call.write(piece("cdef", 20));
        call.write(piece("gh", 30));
        call.end();
      },
    },
  });
  let text = "";
  for await (const { data } of clientOf([first, second]).tasks.logs({ taskId: "main-1", follow: true })) {
    text += data?.toString();
    if (text === "abcd") first.kill();
  }
  expect(text).toBe("abcdefgh");
  expect(attempts, "it stays with the attempt that was the newest").toEqual([2]);
});

test("a stream that is given up is cancelled at the coordinator", async () => {
  let cancelled: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    cancelled = resolve;
  });
  const coordinator = await start({
    tasks: {
      Watch: (call) => {
        call.on("cancelled", cancelled);
        call.write(running);
      },
    },
  });
  for await (const _ of clientOf([coordinator]).tasks.watch({ taskId: "main-1" })) break;
  await Promise.race([gone, sleep(5_000).then(() => expect.fail("the coordinator was not told within 5 s"))]);
});

test("a client reads its own writes, also from a coordinator that lags", async () => {
  const asked: string[] = [];
  const coordinator = await start({
    tasks: {
      Submit: (_, answer) => answer(null, { taskId: "main-1", revision: "ab.12" }),
      Get: ({ request }, answer) => {
        asked.push(`get ${request.minRevision}`);
        answer(null, {});
      },
      Watch: (call) => {
        asked.push("watch");
        call.write({ ...succeeded, caughtUp: true });
      },
    },
    nodes: {
      List: ({ request }, answer) => {
        asked.push(`list ${request.minRevision}`);
        answer(null, {});
      },
    },
  });
  const { tasks } = clientOf([coordinator]);
  await tasks.submit({ spec: { argv: ["true"] } });
  await tasks.get({ taskId: "main-1" });
  for await (const _ of tasks.watch({ taskId: "main-1", untilEnded: true }));
  expect(asked).toEqual(["get ab.12", "list ab.12", "watch"]);
});

test("a write whose log has been lost is not waited for", async () => {
  const asked: (string | undefined)[] = [];
  const coordinator = await start({
    tasks: {
      Submit: (_, answer) => answer(null, { taskId: "main-1", revision: "ab.12" }),
      Get: ({ request }, answer) => {
        asked.push(request.minRevision);
        const fields = [{ field: "min_revision", description: "names another history" }];
        const refusal = new HoldfastError("failedPrecondition", "min_revision names another history", { fields });
        if (request.minRevision) answer(toServiceError(refusal));
        else answer(null, { task: { id: "main-1" } });
      },
    },
  });
  const { tasks } = clientOf([coordinator]);
  await tasks.submit({ spec: { argv: ["true"] } });
  expect((await tasks.get({ taskId: "main-1" })).task?.id).toBe("main-1");
  expect(asked).toEqual(["ab.12", undefined]);
});
