/** A real agent is told random and damaged things by its coordinator: it neither dies nor starts anything, and obeys the next. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Member } from "@holdfast/cli/up/member.ts";
import { endNodeProcesses } from "@holdfast/cli/up/node-processes.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../harness/waiting.ts";
import { coordinatorMessage, RawCoordinator } from "./raw-coordinator.ts";
import { drawn, seed } from "./seed.ts";
import { damaged, deeplyNested, messageBytes } from "./wire-messages.ts";

const epoch = 1_000_000;
const entry = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));
const errorLevel = '"level":"error"';

let folder: string;
let leader: RawCoordinator;
let standby: RawCoordinator;
let agent: Member;
let pid: number | null;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-fuzz-agent-"));
  leader = await RawCoordinator.listen(epoch);
  standby = await RawCoordinator.listen(0);
  const dataDir = join(folder, "data");
  const config = join(folder, "agent.yaml");
  writeFileSync(config, JSON.stringify({ nodeId: "node-1", dataDir, coordinators: [leader.address, standby.address] }));
  const logFile = join(folder, "agent.log");
  const args = [entry, "agent", "--config", config];
  const plan = { id: "node-1", role: "agent" as const, command: process.execPath, args, logFile, dataDir };
  agent = new Member(plan, { onChange: () => {}, onDeath: () => {}, isKeptDown: () => false });
  await agent.start();
  pid = agent.pid;
  await leader.beats();
}, 60_000);

afterAll(async () => {
  await agent.stop();
  await endNodeProcesses(agent.plan.dataDir, 1_000);
  leader[Symbol.dispose]();
  standby[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** It lives, has logged no error, and no process of a task was ever started but for these. */
function expectUnharmed(started: readonly string[] = []): void {
  expect(agent.pid, "the agent should be the process that it was").toBe(pid);
  const log = readFileSync(agent.plan.logFile, "utf8");
  expect(log.split("\n").filter((line) => line.includes(errorLevel))).toEqual([]);
  const ran = [leader, standby].flatMap(({ heard }) =>
    heard
      .flatMap(({ hello, reports }) => [...(hello?.attempts ?? []), ...(reports?.reports ?? [])])
      .filter(({ startedAtMs = 0 }) => startedAtMs > 0)
      .map(({ taskId }) => taskId),
  );
  expect([...new Set(ran)], `seed ${seed}: tasks that have run`).toEqual(started);
}

/** Nothing here names this agent's process, which an order must to be obeyed. */
const words = ["node-1", "task-1", "task-2", "not-this-process", "default", "true", "gpu", "SIGTERM"];
const message = damaged(messageBytes("CoordinatorMessage", words));
const ofAnotherProcess = fc
  .record({ taskId: fc.constantFrom("task-1", "task-2"), beat: fc.nat(50) })
  .map(({ taskId, beat }) => {
    const spec = { argv: ["true"] };
    const start = { taskId, attempt: 1, spec, answersBeat: beat, instanceId: "not-this-process", validForMs: 60_000 };
    return coordinatorMessage({ orders: { epoch, orders: [{ start }] } });
  });

test("random and damaged messages", { timeout: 90_000 }, async () => {
  const conversations = drawn(fc.array(fc.oneof(message, damaged(ofAnotherProcess)), { maxLength: 30 }), 40);
  for (const [index, messages] of conversations.entries()) {
    await (index % 2 === 0 ? leader : standby).send(...messages);
    if (index % 8 === 7) await Promise.all([leader.beats(), standby.beats()]);
  }
  expectUnharmed();
});

test("deeply nested and oversize messages", { timeout: 60_000 }, async () => {
  const shapes = [deeplyNested(2, false), deeplyNested(2, true), deeplyNested(99, true), Buffer.alloc(1024 ** 2 + 1)];
  for (const shape of shapes) {
    await leader.send(shape);
    await leader.beats();
  }
  expectUnharmed();
});

test("orders of a lower epoch, from whomever they come", { timeout: 60_000 }, async () => {
  const { instanceId = "" } = leader.heard.find(({ hello }) => hello !== undefined)?.hello ?? {};
  const lastBeat = () => leader.heard.findLast(({ beat }) => beat !== undefined)?.beat?.sequence ?? 0;
  for (const sender of [leader, standby]) {
    for (let below = 1; below <= 20; below += 1) {
      const start = { taskId: `low-${below}`, attempt: 1, spec: { argv: ["true"] }, instanceId, validForMs: 60_000 };
      const orders = [{ start: { ...start, answersBeat: lastBeat() } }];
      await sender.send(coordinatorMessage({ orders: { epoch: epoch - below, orders } }));
    }
    await sender.beats();
  }
  expectUnharmed();
});

test.each([2n ** 64n - 1n, 2n ** 53n + 2n, 2n ** 53n - 1n].map(String))("epoch %s is nobody's", async (huge) => {
  const attempts = [{ taskId: "task-1", attempt: 1 }];
  const orders = [{ stop: { taskId: "task-3", attempt: 1 } }];
  await leader.send(
    coordinatorMessage({ leading: { epoch: huge } }),
    coordinatorMessage({ orders: { epoch: huge, orders } }),
    coordinatorMessage({ acknowledgements: { epoch: huge, attempts } }),
    coordinatorMessage({ welcome: { coordinatorId: "raw", leadingEpoch: huge, protocolRevision: 1 } }),
    coordinatorMessage({ leaseGrant: { epoch: huge, attempts } }),
  );
  await leader.beats();
  expectUnharmed();
});

test("after all that it obeys whoever leads", { timeout: 60_000 }, async () => {
  const highest = Math.max(...leader.heard.map(({ hello }) => hello?.highestEpoch ?? 0), epoch);
  const refusals = leader.heard.map(({ epochRefused }) => epochRefused?.highestEpoch ?? 0);
  const next = Math.max(highest, ...refusals) + 1_000;
  expect(next, `seed ${seed}: there should be an epoch above`).toBeLessThan(Number.MAX_SAFE_INTEGER);
  const mark = join(folder, "mark");
  await leader.send(coordinatorMessage({ leading: { epoch: next } }));
  await until("the start of a task", async () => {
    if (existsSync(mark)) return true;
    const { instanceId = "" } = leader.heard.findLast(({ hello }) => hello !== undefined)?.hello ?? {};
    const answersBeat = leader.heard.findLast(({ beat }) => beat !== undefined)?.beat?.sequence ?? 0;
    const start = { taskId: "real", attempt: 1, spec: { argv: ["touch", mark] }, answersBeat, instanceId };
    await leader.send(
      coordinatorMessage({ orders: { epoch: next, orders: [{ start: { ...start, validForMs: 60_000 } }] } }),
    );
    await leader.beats();
    return false;
  });
  await until("its report", () =>
    leader.heard.some(({ reports }) => reports?.reports?.some(({ taskId }) => taskId === "real") === true),
  );
  await leader.beats();
  expectUnharmed(["real"]);
  expect(readdirSync(folder)).toContain("mark");
});
