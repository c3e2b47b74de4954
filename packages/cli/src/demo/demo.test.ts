/** The demo as people start it: a process, on a cluster of its own and on one that runs. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readClusterFile } from "../up/cluster-file.ts";
import { isAlive } from "../up/process-identity.ts";
import { startCluster } from "../up/running-cluster.ts";
import type { DemoResult } from "./result.ts";

const entry = new URL("../main.ts", import.meta.url).pathname;
/** Long enough that the leader dies while tasks run, short for a suite. */
const small = ["--tasks", "30", "--task-time", "3s"];

let folder: string;
/** Where the demo makes its own folder. */
let temporary: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-demo-test-"));
  temporary = join(folder, "tmp");
  mkdirSync(temporary);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function startDemo(args: readonly string[]) {
  const child = spawn(process.execPath, [entry, "demo", ...args], {
    cwd: folder,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, exited: once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]> };
}

async function runDemo(args: readonly string[]) {
  const { child, exited } = startDemo(args);
  const [output, notes, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  expect(code, `exit code 0, and it said:\n${notes}${output}`).toBe(0);
  return { result: JSON.parse(output.trimEnd().split("\n").at(-1) ?? "") as DemoResult, notes };
}

function expectPerfect(result: DemoResult): void {
  expect(result).toMatchObject({ tasks: 30, succeeded: 30, lost: 0, ranTwiceToCompletion: 0 });
  expect(result.tasksOnKilledNode).toBeGreaterThanOrEqual(5);
  expect(result.unfinishedAtLeaderKill).toBeGreaterThanOrEqual(5);
  // Suspicion and loss are not instant, and no shorter than the silence that proves them, but for a beat's age.
  expect(result.nodeLossDetectedMs).toBeGreaterThan(1_500);
  expect(result.tasksRunningElsewhereMs.p50).toBeGreaterThan(1_500);
  expect(result.tasksRunningElsewhereMs.max).toBeGreaterThanOrEqual(result.tasksRunningElsewhereMs.p50);
  expect(result.newLeader).not.toBe(result.killedLeader);
  expect(result.leaderFailoverMs).toBeGreaterThan(0);
}

test("on a cluster of its own it loses no task, and leaves nothing behind", async () => {
  const { result, notes } = await runDemo(["--json", ...small]);
  expectPerfect(result);
  expect(notes).toContain(`${result.killedNode} lost`);
  expect(notes).toContain(`${result.newLeader} elected`);
  expect(readdirSync(temporary)).toEqual([]);
}, 90_000);

test("on the cluster that runs it kills members that come back", async () => {
  await using cluster = await startCluster({ dataDir: join(folder, ".holdfast") });
  const before = new Map([...cluster.agents, ...cluster.coordinators].map(({ id, pid }) => [id, pid]));
  const { result } = await runDemo(["--output", "json", ...small]);
  expectPerfect(result);
  const changed = [...cluster.agents, ...cluster.coordinators].filter(({ id, pid }) => pid !== before.get(id));
  expect(changed.map(({ id }) => id)).toEqual([result.killedNode, result.killedLeader]);
  await cluster.ready();
}, 120_000);

test.each([
  ["Ctrl-C", (child: ChildProcess) => child.kill("SIGINT"), 130],
  ["a reader that goes", (child: ChildProcess) => child.stdout?.destroy(), 0],
] as const)(
  "%s ends it with all that it started",
  async (_, interrupt, expectedCode) => {
    const { child, exited } = startDemo(["--own", ...small]);
    await saying(child, "tasks submitted");
    const [made = ""] = readdirSync(temporary);
    const members = readClusterFile(join(temporary, made, "cluster", "cluster.json"))?.members ?? [];
    expect(members.filter(isAlive)).toHaveLength(7);
    interrupt(child);
    expect((await exited)[0]).toBe(expectedCode);
    expect(members.filter(isAlive)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  },
  60_000,
);

test("a folder without a cluster is refused", async () => {
  const { child, exited } = startDemo(["--data", folder]);
  const [notes, [code]] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), exited]);
  expect(code).toBe(2);
  expect(notes).toContain(`no cluster runs in ${folder}`);
});

/** Goes on reading, so that the demo can go on telling. */
async function saying({ stdout }: ChildProcess, words: string): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    stdout?.on("data", (piece: Buffer) => {
      said += piece.toString();
      if (said.includes(words)) resolve();
    });
    stdout?.once("end", () => reject(new Error(`expected "${words}" to be said; it was: ${said}`)));
  });
}
