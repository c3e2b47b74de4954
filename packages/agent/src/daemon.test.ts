/** The whole agent with real processes, led by a coordinator that the test plays. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAgentConfig } from "@holdfast/shared/config/agent-config.ts";
import { createLog } from "@holdfast/shared/log.ts";
import { decodeFrames } from "@holdfast/shared/output-frame.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type RunningAgent, runAgent } from "./daemon.ts";
import { AttemptFolders } from "./process/attempt-folder.ts";
import { signalProcess } from "./process/supervisor-process.ts";
import { isRunning } from "./process/testing.ts";
import { PlayedCoordinator } from "./session/played-coordinator.ts";

let folder: string;
let leader: PlayedCoordinator;
const started: RunningAgent[] = [];
const played: PlayedCoordinator[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-agent-"));
  leader = await play("leader", 5);
});

afterEach(async () => {
  // Whatever a test left running ends here.
  for (const agent of started.splice(0)) await agent.stop();
  for (const supervisorPid of await supervisors()) signalProcess(supervisorPid, "SIGUSR1");
  for (const coordinator of played.splice(0)) coordinator.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Pids of those that have started something which has not ended. */
async function supervisors(): Promise<readonly number[]> {
  const stored = await (await AttemptFolders.open(join(folder, "data/attempts"))).scan();
  return stored.flatMap(({ started, ended }) => (started !== null && ended === null ? [started.supervisorPid] : []));
}

async function play(id: string, epoch: number): Promise<PlayedCoordinator> {
  const coordinator = await PlayedCoordinator.start(id, epoch);
  played.push(coordinator);
  return coordinator;
}

async function startAgent(
  coordinators: readonly PlayedCoordinator[] = [leader],
  settings: object = {},
): Promise<RunningAgent> {
  const file = join(folder, "agent.yaml");
  const addresses = coordinators.map(({ address }) => address);
  writeFileSync(file, JSON.stringify({ nodeId: "node-1", dataDir: "data", coordinators: addresses, ...settings }));
  const log = createLog({ name: "agent", level: process.env["TEST_LOG_LEVEL"] ?? "silent" });
  const agent = await runAgent(loadAgentConfig({ file, env: {} }), log);
  started.push(agent);
  for (const coordinator of coordinators) {
    await coordinator.until("a beat", () => coordinator.heard.at(-1)?.content === "beat");
  }
  return agent;
}

/** "" while there is no such file. */
function textOf(path: string): string {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file, "latin1") : "";
}

function shell(script: string) {
  return { argv: ["/bin/sh", "-c", script] };
}

test("runs a task and reports its end with output and usage, again until it is acknowledged", async () => {
  await startAgent();
  leader.start("t1", {
    spec: {
      ...shell("cat; echo $HOLDFAST_TASK_ID $HOLDFAST_FENCE $HOLDFAST_DEVICES_GPU $GREETING >&2; exit 3"),
      standardInput: Buffer.from("typed\n"),
      environment: { GREETING: "hello" },
    },
    devices: { gpu: { numbers: [1, 2] } },
  });
  const end = await leader.report("t1", "FAILED");
  expect(end).toMatchObject({ attempt: 1, reason: "exit code 3", exitCode: 3, signal: "" });
  expect(end.endedAtMs).toBeGreaterThanOrEqual(end.startedAtMs ?? Number.NaN);
  const pieces = decodeFrames(end.outputTail ?? Buffer.alloc(0));
  expect(pieces.map(({ stream, data }) => [stream, data.toString()])).toEqual(
    expect.arrayContaining([
      ["stdout", "typed\n"],
      ["stderr", "t1 5.1 1,2 hello\n"],
    ]),
  );
  const times = () => leader.reportsOf("t1").filter(({ state }) => state === "ATTEMPT_STATE_FAILED").length;
  await leader.until("the end once more", () => times() === 2);
  leader.acknowledge("t1");
  await until("the mark of the acknowledgement", () => existsSync(join(folder, "data/attempts/t1.1/acknowledged")));
  // Known from its folder now.
  leader.start("t1", { spec: shell("echo never") });
  await leader.until("the end from the folder", () => times() === 3);
});

test("says why a task could not be executed, and refuses what this node cannot do", async () => {
  await startAgent();
  leader.start("t1", { spec: { argv: ["no-such-program"] } });
  expect((await leader.report("t1", "FAILED")).reason).toContain('cannot execute "no-such-program"');
  leader.start("t2", { spec: { ...shell("true"), user: "no-such-user" } });
  expect((await leader.report("t2", "REFUSED")).reason).toContain('no user "no-such-user"');
});

test("stops a task with its signal, and keeps away one that was stopped before it started", async () => {
  await startAgent();
  leader.start("t1", { spec: shell("trap 'echo bye; exit 0' TERM; echo up; sleep 60 & wait") });
  await leader.report("t1", "RUNNING");
  await until("the task's first output", () => textOf("data/attempts/t1.1/output").includes("up"));
  leader.stop("t1", "cancelled by a test");
  await leader.report("t1", "STOPPING");
  const end = await leader.report("t1", "CANCELLED");
  expect(end.reason).toBe("cancelled by a test");
  expect(
    decodeFrames(end.outputTail ?? Buffer.alloc(0))
      .map(({ data }) => data.toString())
      .join(""),
  ).toBe("up\nbye\n");

  leader.stop("t2", "cancelled by a test");
  expect((await leader.report("t2", "CANCELLED")).reason).toBe("stopped before it started");
  const before = leader.reportsOf("t2").length;
  leader.start("t2", { spec: shell(`touch ${join(folder, "ran")}`) });
  await leader.until("the same answer", () => leader.reportsOf("t2").length > before);
  expect(existsSync(join(folder, "ran"))).toBe(false);
});

test("ends a task that runs longer than its timeout", async () => {
  await startAgent();
  leader.start("t1", { spec: { ...shell("sleep 60"), timeoutMs: 100 } });
  expect((await leader.report("t1", "TIMED_OUT")).reason).toBe("ran longer than its timeout of 100 ms");
});

test("does not start what has become void", async () => {
  await startAgent();
  leader.start("t1", { spec: shell(`touch ${join(folder, "ran")}`), validForMs: -1 });
  expect((await leader.report("t1", "REFUSED")).reason).toMatch(/^void/);
  leader.start("t2", { spec: shell(`touch ${join(folder, "ran")}`), instanceId: "another" });
  expect((await leader.report("t2", "REFUSED")).reason).toMatch(/^void/);
  expect(existsSync(join(folder, "ran"))).toBe(false);
});

test("obeys the highest epoch only, and remembers it over a restart", async () => {
  const other = await play("other", 0);
  const agent = await startAgent([leader, other]);
  other.lead(9);
  await other.until("a Hello with the new epoch", () => other.hellos.at(-1)?.highestEpoch === 9);
  const refused = () => leader.heard.filter(({ content }) => content === "epochRefused").length;
  leader.start("t1", { spec: shell(`touch ${join(folder, "ran")}`) });
  await leader.until("a refusal", () => refused() === 1);
  expect(leader.heard.find(({ epochRefused }) => epochRefused)?.epochRefused).toEqual({
    refusedEpoch: 5,
    highestEpoch: 9,
  });

  await agent.stop();
  expect(other.heard.at(-1)?.farewell).toMatchObject({ returning: true });
  await startAgent([leader, other]);
  expect(leader.hellos.at(-1)?.highestEpoch).toBe(9);
  leader.start("t1", { spec: shell(`touch ${join(folder, "ran")}`) });
  await leader.until("another refusal", () => refused() >= 2);
  expect(existsSync(join(folder, "ran"))).toBe(false);
});

test("finds its tasks again after a restart: those that run, and those that ended meanwhile", async () => {
  const first = await startAgent();
  const gate = join(folder, "gate");
  leader.start("runs", { spec: shell(`echo $$; until [ -e ${gate} ]; do sleep 0.02; done; echo through`) });
  leader.start("ends", { spec: shell(`until [ -e ${gate}-2 ]; do sleep 0.02; done; exit 7`) });
  await leader.report("runs", "RUNNING");
  await leader.report("ends", "RUNNING");
  await first.stop();
  writeFileSync(`${gate}-2`, "");
  await until("the end in the record", () => textOf("data/attempts/ends.1/record").includes('"ended"'));

  await startAgent();
  const attempts = leader.hellos.at(-1)?.attempts ?? [];
  expect(attempts.map(({ taskId, state, exitCode }) => [taskId, state, exitCode]).sort()).toEqual([
    ["ends", "ATTEMPT_STATE_FAILED", 7],
    ["runs", "ATTEMPT_STATE_RUNNING", undefined],
  ]);
  leader.start("runs", { spec: shell("echo twice") });
  writeFileSync(gate, "");
  const end = await leader.report("runs", "SUCCEEDED");
  const output = decodeFrames(end.outputTail ?? Buffer.alloc(0))
    .map(({ data }) => data.toString())
    .join("");
  expect(output).toMatch(/^\d+\nthrough\n$/);
});

/** A child, a daemon in a session of its own whose parent has ended, and one that obeys no signal; their pids in a file. */
const leaveProcesses = `sleep 60 & echo $! >> pids
  (setsid sleep 60 & echo $! >> pids)
  setsid sh -c "trap '' TERM HUP INT; echo \\$\\$ >> pids; while :; do sleep 1; done" &
  while [ $(wc -l < pids) -lt 3 ]; do sleep 0.01; done; mv pids all-pids`;

async function pidsOf(taskId: string): Promise<readonly number[]> {
  const path = `data/attempts/${taskId}.1/work/all-pids`;
  await until("the pids of the task's processes", () => textOf(path) !== "");
  return textOf(path).trim().split("\n").map(Number);
}

test("kills what a killed supervisor has left, and says so", async () => {
  await startAgent();
  leader.start("t1", { spec: shell(`${leaveProcesses}; wait`) });
  const pids = await pidsOf("t1");
  await leader.report("t1", "RUNNING");
  for (const supervisorPid of await supervisors()) signalProcess(supervisorPid, "SIGKILL");
  expect((await leader.report("t1", "FAILED")).reason).toBe("its supervisor was killed");
  expect(pids.filter(isRunning), "processes that live when the end is told").toEqual([]);
  // Still known after a restart.
  await started.pop()?.stop();
  await startAgent();
  expect(leader.hellos.at(-1)?.attempts?.[0]).toMatchObject({ taskId: "t1", reason: "its supervisor was killed" });
});

test("tells no end before the last descendant is gone", async () => {
  await startAgent();
  leader.start("t1", { spec: shell(`${leaveProcesses}; exit 0`) });
  await leader.report("t1", "SUCCEEDED");
  expect((await pidsOf("t1")).filter(isRunning), "processes that live when the end is told").toEqual([]);
  leader.start("t2", { spec: { ...shell(`${leaveProcesses}; wait`), stopGraceMs: 50 } });
  const pids = await pidsOf("t2");
  leader.stop("t2", "cancelled by a test");
  await leader.report("t2", "CANCELLED");
  expect(pids.filter(isRunning), "processes that live when the end is told").toEqual([]);
});

test("streams output on request, follows it, and stops when told to", async () => {
  await startAgent();
  const gate = join(folder, "gate");
  leader.start("t1", { spec: shell(`echo one; until [ -e ${gate} ]; do sleep 0.02; done; echo two`) });
  await leader.report("t1", "RUNNING");
  const text = (number: number) =>
    leader.heard
      .filter(({ output }) => output?.requestNumber === number)
      .flatMap(({ output }) => output?.pieces ?? [])
      .map(({ data }) => data?.toString() ?? "")
      .join("");
  const ended = (number: number) => leader.heard.find(({ output }) => output?.requestNumber === number && output.end);
  leader.send({ outputRequest: { requestNumber: 1, taskId: "t1", attempt: 1, follow: true } });
  leader.send({ outputRequest: { requestNumber: 2, taskId: "t1", attempt: 1, follow: true } });
  await leader.until("the first line, twice", () => text(1) === "one\n" && text(2) === "one\n");
  leader.send({ outputRequest: { requestNumber: 2, cancel: true } });
  leader.send({ outputRequest: { requestNumber: 3, taskId: "nobody", attempt: 1 } });
  await leader.until("an answer for what is not there", () => ended(3) !== undefined);
  expect(ended(3)?.output?.error).toContain("keeps no output");
  writeFileSync(gate, "");
  await leader.until("the rest, and its end", () => ended(1) !== undefined);
  expect([text(1), text(2)]).toEqual(["one\ntwo\n", "one\n"]);
});

test("tells the new leader at once, and measures the way to each coordinator", async () => {
  const standby = await play("standby", 0);
  standby.metricsIntervalMs = 100;
  await startAgent([standby, leader]);
  await standby.until("round trips to both", () => {
    const metrics = standby.heard.findLast(({ content }) => content === "metrics")?.metrics;
    return metrics?.roundTrips?.length === 2;
  });
  leader.start("t1", { spec: shell("exit 0") });
  await leader.report("t1", "SUCCEEDED");
  expect(standby.reportsOf("t1")).toEqual([]);
  leader.kill();
  standby.lead(6);
  await standby.report("t1", "SUCCEEDED");
});

test("refuses a data folder that another agent uses", async () => {
  await startAgent();
  await expect(startAgent()).rejects.toThrow(`is in use by the agent with pid ${process.pid}`);
});

async function until(what: string, check: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 10_000;
  while (!check()) {
    if (performance.now() > deadlineMs) throw new Error(`waited 10 s for ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

test("does not show itself when its address for metrics is taken", async () => {
  await expect(startAgent([leader], { metricsListen: leader.address })).rejects.toThrow(/metricsListen|in use/i);
  expect(leader.heard).toEqual([]);
  await startAgent();
  expect(
    leader.heard.filter(({ content }) => content === "farewell"),
    "no other agent was there",
  ).toEqual([]);
});
