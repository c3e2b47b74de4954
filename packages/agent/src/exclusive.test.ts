/** Exclusive tasks under an agent that is a process of its own and can be stopped and killed, led by a coordinator that the
 * test plays. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadAgentConfig } from "@holdfast/shared/config/agent-config.ts";
import { daemonConfigVariable } from "@holdfast/shared/daemon-config.ts";
import { decodeFrames } from "@holdfast/shared/output-frame.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AttemptFolders, readRecord } from "./process/attempt-folder.ts";
import type { EndedRecord, StartedRecord } from "./process/attempt-record.ts";
import { supervisorBinary, untilGone } from "./process/testing.ts";
import { PlayedCoordinator } from "./session/played-coordinator.ts";

/** Short, but so that a busy machine extends it in time. */
const defaultLeaseMs = 2_000;
/** What the supervisor may take to notice, and a busy machine to let it. */
const enforcementMs = 1_000;

const entry = fileURLToPath(new URL("./main.ts", import.meta.url));
let folder: string;
let leader: PlayedCoordinator;
const agents: ChildProcess[] = [];

beforeEach(async () => {
  supervisorBinary();
  folder = mkdtempSync(join(tmpdir(), "holdfast-exclusive-"));
  leader = await PlayedCoordinator.start("leader", 5);
});

afterEach(async () => {
  for (const agent of agents.splice(0)) await kill(agent);
  for (const { key, ended } of await (await AttemptFolders.open(join(folder, "data/attempts"))).scan()) {
    if (ended === null) await (await AttemptFolders.open(join(folder, "data/attempts"))).stop(key, "kill");
  }
  leader.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function startAgent(): Promise<ChildProcess> {
  const file = join(folder, "agent.yaml");
  writeFileSync(file, JSON.stringify({ nodeId: "node-exclusive", dataDir: "data", coordinators: [leader.address] }));
  const config = loadAgentConfig({ file, env: {} });
  const environment = { ...process.env, [daemonConfigVariable]: JSON.stringify(config) };
  const agent = spawn(process.execPath, [entry], { env: environment, stdio: "ignore" });
  agents.push(agent);
  const hellos = leader.hellos.length;
  await leader.until("a beat", () => leader.hellos.length > hellos && leader.heard.at(-1)?.content === "beat");
  return agent;
}

async function kill(agent: ChildProcess): Promise<void> {
  if (agent.exitCode !== null || agent.signalCode !== null) return;
  const exited = once(agent, "exit");
  agent.kill("SIGKILL");
  await exited;
}

/** Starts an exclusive task; resolves with its processes and when its first lease ends at the latest (Unix ms). */
async function startTask(
  taskId: string,
  script = "exec sleep 1000",
  leaseMs = defaultLeaseMs,
): Promise<StartedRecord & { leaseEndMs: number }> {
  const leaseEndMs = Date.now() + leaseMs;
  const spec = { argv: ["/bin/sh", "-c", script], exclusive: true, stopGraceMs: 1_000 };
  leader.start(taskId, { spec, leaseMs });
  await leader.report(taskId, "RUNNING");
  const { started } = await readRecord(folderOf(taskId));
  return { ...(started as StartedRecord), leaseEndMs };
}

function folderOf(taskId: string): string {
  return join(folder, `data/attempts/${taskId}.1`);
}

async function endOf(taskId: string): Promise<EndedRecord> {
  return (await readRecord(folderOf(taskId))).ended as EndedRecord;
}

test("a task of which nothing more is heard ends with its lease, is told as lost, and knew its fence", async () => {
  await startAgent();
  const { leaseEndMs } = await startTask("t1", "echo $HOLDFAST_FENCE; exec sleep 1000");
  const report = await leader.report("t1", "LOST");
  expect(report.reason).toBe("its lease ran out: no leader extended it in time");
  expect(report.endedAtMs).toBeLessThanOrEqual(leaseEndMs + enforcementMs);
  expect(decodeFrames(report.outputTail ?? Buffer.alloc(0)).map(({ data }) => data.toString())).toEqual(["5.1\n"]);
});

test("grants keep a task alive, and it ends when they end", async () => {
  await startAgent();
  const { leaseEndMs } = await startTask("t1");
  let heard = leader.heard.length;
  let grantedAtMs = 0;
  while (Date.now() < leaseEndMs + defaultLeaseMs) {
    await leader.until("a further beat", () => leader.heard.slice(heard).some(({ content }) => content === "beat"));
    heard = leader.heard.length;
    grantedAtMs = Date.now();
    leader.grant("t1", defaultLeaseMs);
  }
  expect(leader.reportsOf("t1").at(-1)).toMatchObject({ state: "ATTEMPT_STATE_RUNNING", reason: "" });
  const report = await leader.report("t1", "LOST");
  expect(report.endedAtMs).toBeLessThanOrEqual(grantedAtMs + defaultLeaseMs + enforcementMs);
});

test("a task ends with its lease although the agent is stopped", async () => {
  const agent = await startAgent();
  const { taskPid, leaseEndMs } = await startTask("t1");
  agent.kill("SIGSTOP");
  await untilGone(taskPid);
  expect(Date.now()).toBeLessThanOrEqual(leaseEndMs + enforcementMs);
  agent.kill("SIGCONT");
  expect((await leader.report("t1", "LOST")).signal).toBe("SIGTERM");
});

test("a task ends with its lease although the agent is dead; the next one tells it", async () => {
  const agent = await startAgent();
  const { taskPid, leaseEndMs } = await startTask("t1");
  await kill(agent);
  await untilGone(taskPid);
  expect(Date.now()).toBeLessThanOrEqual(leaseEndMs + enforcementMs);
  await startAgent();
  await leader.report("t1", "LOST");
  expect((await endOf("t1")).stopCause).toBe("lease");
});

test("a task that an earlier process of the agent started is extended by the next one", async () => {
  const agent = await startAgent();
  const { leaseEndMs } = await startTask("t1", "sleep 60 & wait", 6_000);
  await kill(agent);
  await startAgent();
  leader.grant("t1", 60_000);
  await leader.until("a beat after the first lease", () => Date.now() > leaseEndMs + enforcementMs);
  expect(leader.reportsOf("t1").at(-1)?.state).toBe("ATTEMPT_STATE_RUNNING");
  leader.stop("t1", "the test is over");
  await leader.report("t1", "CANCELLED");
});

test("a start whose lease is over is void, though the order would still be good", async () => {
  await startAgent();
  leader.start("t1", { spec: { argv: ["touch", join(folder, "ran")], exclusive: true }, leaseMs: 1, answersBeat: 1 });
  expect((await leader.report("t1", "REFUSED")).reason).toMatch(/^void: .* lease/);
});
