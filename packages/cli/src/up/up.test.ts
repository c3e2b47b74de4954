/** A cluster of real processes comes up, survives what may die, and leaves nothing behind. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readClusterFile, stopLeftovers } from "./cluster-file.ts";
import { lockCluster } from "./cluster-lock.ts";
import { ClusterLayout } from "./layout.ts";
import { Member } from "./member.ts";
import { freePorts } from "./ports.ts";
import { isAlive, type ProcessIdentity, processStatus } from "./process-identity.ts";
import { memoryLimitBytes } from "./redis-process.ts";
import { startCluster } from "./running-cluster.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-up-"));
});
afterEach(async () => {
  const left = readClusterFile(join(folder, "cluster.json"));
  if (left !== null) await stopLeftovers(left);
  rmSync(folder, { recursive: true, force: true });
});

async function until(what: string, holds: () => boolean, withinMs = 10_000): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error(`expected within ${withinMs} ms: ${what}`);
    await sleep(20);
  }
}

function identityOf(pid: number | null): ProcessIdentity {
  const status = processStatus(pid ?? 0);
  if (status === null) throw new Error(`expected a process with pid ${pid}`);
  return status;
}

test("a folder has one cluster at a time, and a dead owner's lock is taken over", async () => {
  const lockFile = join(folder, "up.lock");
  const lock = lockCluster(lockFile);
  expect(() => lockCluster(lockFile)).toThrow(`started by pid ${process.pid}`);
  lock.release();

  const dead = spawn("true");
  await once(dead, "exit");
  writeFileSync(lockFile, `${dead.pid} 1\n`);
  lockCluster(lockFile).release();
  expect(existsSync(lockFile)).toBe(false);
});

test("ports that are in use are passed over", async () => {
  const [first = 0] = await freePorts(0, 2);
  const server = createServer().listen(first, "127.0.0.1");
  await once(server, "listening");
  const found = await freePorts(first, 2);
  expect(found).toHaveLength(2);
  expect(found).not.toContain(first);
  server.close();
});

test.each([
  [512 * 1024 ** 2, 256 * 1024 ** 2],
  [8 * 1024 ** 3, 2 * 1024 ** 3],
  [1024 ** 4, 4 * 1024 ** 3],
])("of %d bytes Redis may use %d", (machineBytes, expectedBytes) => {
  expect(memoryLimitBytes(machineBytes)).toBe(expectedBytes);
});

test("a socket's path that is too long is put elsewhere", () => {
  const near = new ClusterLayout("/var/lib/holdfast");
  expect(near.redisSocket()).toBe("/var/lib/holdfast/data/redis/redis.sock");
  const far = new ClusterLayout(join("/var/lib", "x".repeat(120))).redisSocket();
  expect(Buffer.byteLength(far)).toBeLessThan(108);
  rmSync(join(far, ".."), { recursive: true });
});

test("a member that dies is started again, one that was killed on purpose is not", async () => {
  const deaths: string[] = [];
  const layout = new ClusterLayout(folder);
  const member = new Member(
    { id: "sleeper", role: "agent", command: "sleep", args: ["600"], logFile: join(folder, "log"), dataDir: folder },
    { onChange() {}, onDeath: (_, how) => deaths.push(how), isKeptDown: (id) => layout.isKeptDown(id) },
  );
  await member.start();
  const first = identityOf(member.pid);
  process.kill(first.pid, "SIGKILL");
  await until("the member runs again", () => member.pid !== null && member.pid !== first.pid);
  expect(deaths).toEqual(["SIGKILL"]);

  layout.keepDown("sleeper");
  process.kill(identityOf(member.pid).pid, "SIGKILL");
  await until("the member is down", () => member.pid === null);
  layout.letUp("sleeper");
  await until("the member runs again", () => member.pid !== null);

  const last = identityOf(member.pid);
  await member.kill();
  expect(isAlive(last)).toBe(false);
  expect(member.pid).toBe(null);
});

test("a cluster runs tasks, loses a whole node, is found after a crash, and leaves no process", async () => {
  await using cluster = await startCluster({ dataDir: folder, coordinators: 2, agents: 2 });
  const { addresses } = cluster;
  using client = new HoldfastClient({ addresses });
  await client.tasks.submit({ spec: { argv: ["sh", "-c", "sleep 600 & wait"] } });
  const runner = (): (typeof cluster.agents)[number] | undefined =>
    cluster.agents.find((agent) => agent.taskPids().length >= 2);
  await until("a node runs the task", () => runner() !== undefined);

  const lost = runner();
  const pids = lost?.taskPids().map(identityOf) ?? [];
  await lost?.killNode();
  expect(pids.filter(isAlive)).toEqual([]);
  await until("the task runs on the other node", () => runner() !== undefined && runner() !== lost, 20_000);

  const alive = [...cluster.coordinators, ...cluster.agents.filter((agent) => agent !== lost)].map(({ pid }) =>
    identityOf(pid),
  );
  const tasks = runner()?.taskPids().map(identityOf) ?? [];
  expect(readFileSync(cluster.layout.clientFile, "utf8")).toContain(addresses[0]);
  await cluster.stop();
  expect([...alive, ...tasks].filter(isAlive)).toEqual([]);
  expect(existsSync(cluster.layout.lockFile)).toBe(false);
}, 60_000);

test("the next start ends what a run that was killed has left", async () => {
  const entry = new URL("../main.ts", import.meta.url).pathname;
  const args = [entry, "up", "--data", folder, "--coordinators", "1", "--agents", "1", "--port", "17400"];
  const up = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  up.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await until("it says ready", () => /^ready$/m.test(said), 30_000);
  up.kill("SIGKILL");
  await once(up, "exit");

  const left = readClusterFile(join(folder, "cluster.json"))?.members ?? [];
  expect(left.filter(isAlive)).toHaveLength(3);
  await using cluster = await startCluster({ dataDir: folder, coordinators: 1, agents: 1 });
  expect(left.filter(isAlive)).toEqual([]);
  expect(cluster.redis?.pid).not.toBe(null);
}, 60_000);

test("what a stop ends runs again at the next start, without a retry", async () => {
  const options = { dataDir: folder, coordinators: 1, agents: 1 };
  const first = await startCluster(options);
  using submitter = new HoldfastClient({ addresses: first.addresses });
  const argv = ["sh", "-c", 'test "$HOLDFAST_ATTEMPT" -gt 1 || exec sleep 600'];
  const { taskId = "" } = await submitter.tasks.submit({ spec: { argv } });
  // Known to run: an attempt whose start was never reported would be ordered again, under its old number.
  for await (const { tasks = [] } of submitter.tasks.watch({ taskId })) {
    if (tasks.some(({ state }) => state === "TASK_STATE_RUNNING")) break;
  }
  await first.stop();

  await using second = await startCluster(options);
  using client = new HoldfastClient({ addresses: second.addresses });
  for await (const _ of client.tasks.watch({ taskId, untilEnded: true }));
  const { task } = await client.tasks.get({ taskId });
  expect(task?.state).toBe("TASK_STATE_SUCCEEDED");
  expect(task?.attempts?.map(({ state }) => state)).toEqual(["ATTEMPT_STATE_LOST", "ATTEMPT_STATE_SUCCEEDED"]);
}, 60_000);
