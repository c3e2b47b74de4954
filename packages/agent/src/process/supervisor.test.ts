/** What the supervisor promises about a task's process, on the real binary. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bootTimeAtMost, systemClock } from "@holdfast/shared/clock.ts";
import { decodeFrames } from "@holdfast/shared/output-frame.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { extendLeaseFile } from "./lease-file.ts";
import { readOutput, readTail } from "./output-reader.ts";
import { isRunning, TestNode, untilGone } from "./testing.ts";
import { resolveUser } from "./user.ts";

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.open();
});
afterAll(() => node[Symbol.asyncDispose]());

const isRoot = process.getuid?.() === 0;
let count = 0;
const newKey = () => `main-t${++count}.1`;

async function outputOf(key: string, stream: "stdout" | "stderr" = "stdout"): Promise<string> {
  const parts: Buffer[] = [];
  for await (const piece of readOutput(node.folders.pathOf(key), { tailBytes: 0, follow: true })) {
    if (piece.stream === stream) parts.push(piece.data);
  }
  return Buffer.concat(parts).toString();
}

function sh(script: string): string[] {
  return ["sh", "-c", script];
}

/** A lease that ends in so many ms. */
function leaseOf(ms: number): { leaseUntilBootMs: number } {
  return { leaseUntilBootMs: bootTimeAtMost(systemClock.now().steadyMs + ms) };
}

test("an exit code is recorded, with times and usage", async () => {
  const before = Date.now();
  const ended = await node.run(newKey(), sh("exit 7"));
  expect(ended).toMatchObject({ exitCode: 7, signal: "", stopCause: "none", startError: "", outputBytes: 0 });
  expect(ended.startedAtMs).toBeGreaterThanOrEqual(before);
  expect(ended.endedAtMs).toBeGreaterThanOrEqual(ended.startedAtMs);
  expect(ended.maxResidentBytes).toBeGreaterThan(100_000);
});

test("a signal that ends the task is recorded by its name", async () => {
  expect(await node.run(newKey(), sh("kill -SEGV $$"))).toMatchObject({ exitCode: null, signal: "SIGSEGV" });
});

test("a program that cannot be executed ends the attempt with the reason", async () => {
  expect(await node.run(newKey(), ["no-such-program"])).toMatchObject({
    exitCode: null,
    startedAtMs: 0,
    startError: 'cannot execute "no-such-program": No such file or directory',
  });
  expect((await node.run(newKey(), ["/etc/passwd"])).startError).toBe(
    'cannot execute "/etc/passwd": Permission denied',
  );
});

test("a missing working directory ends the attempt with the reason", async () => {
  const ended = await node.run(newKey(), ["true"], { workingDirectory: "/nowhere/at all" });
  expect(ended.startError).toBe('cannot enter the working directory "/nowhere/at all": No such file or directory');
});

test("the working directory is the given one, or a new empty one", async () => {
  const [given, own] = [newKey(), newKey()];
  await node.run(given, ["pwd"], { workingDirectory: "/usr" });
  await node.run(own, sh("pwd; ls -A"));
  expect(await outputOf(given)).toBe("/usr\n");
  expect(await outputOf(own)).toBe(`${node.folders.pathOf(own)}/work\n`);
});

test("standard input is the given bytes, or empty", async () => {
  const [given, none] = [newKey(), newKey()];
  const bytes = Buffer.alloc(256 * 1024, "0123456789abcdef");
  await node.run(given, ["sha256sum"], { standardInput: bytes });
  await node.run(none, ["wc", "-c"]);
  const expected = await crypto.subtle.digest("SHA-256", bytes);
  expect(await outputOf(given)).toBe(`${Buffer.from(expected).toString("hex")}  -\n`);
  expect((await outputOf(none)).trim()).toBe("0");
});

test("a script runs by its own interpreter, without one by /bin/sh", async () => {
  const [own, shell] = [newKey(), newKey()];
  await node.run(own, ["a b"], { script: Buffer.from('#!/bin/cat\n"$1"\n') });
  await node.run(shell, ["a b", "c"], { script: Buffer.from('echo "$#:$1:$2"; exit 4') });
  // cat is given the script's own name and then the argument, which is no file.
  expect(await outputOf(own)).toBe('#!/bin/cat\n"$1"\n');
  expect(await outputOf(shell)).toBe("2:a b:c\n");
  expect((await node.stored(shell)).ended?.exitCode).toBe(4);
});

test("the environment is exactly the given one, and programs are searched in its PATH", async () => {
  const key = newKey();
  await node.run(key, ["env"], { environment: { PATH: "/nowhere:/usr/bin", "ODD NAME": "a=b\nc" } });
  expect(await outputOf(key)).toBe("PATH=/nowhere:/usr/bin\nODD NAME=a=b\nc\n");
  const ended = await node.run(newKey(), ["env"], { environment: { PATH: "/nowhere" } });
  expect(ended.startError).toContain('cannot execute "env"');
});

test("signals are neither blocked nor ignored, and no descriptor leaks into the task", async () => {
  const key = newKey();
  await node.run(key, sh("grep -E '^Sig(Blk|Ign)' /proc/self/status; ls /proc/self/fd"));
  // 3 is ls's own.
  expect((await outputOf(key)).split(/\s+/).filter(Boolean)).toEqual([
    "SigBlk:",
    "0000000000000000",
    "SigIgn:",
    "0000000000000000",
    "0",
    "1",
    "2",
    "3",
  ]);
});

test.runIf(isRoot)("another user gets its own ids and groups, no capability, and its own folder", async () => {
  const key = newKey();
  const user = await resolveUser("nobody");
  const script = Buffer.from(
    "id -u; id -g; id -G; grep CapPrm /proc/self/status; touch mine && echo $(stat -c %U mine)",
  );
  await node.run(key, [], { user, script });
  expect((await outputOf(key)).split("\n")).toEqual([
    String(user.uid),
    String(user.gid),
    user.groups.join(" "),
    "CapPrm:\t0000000000000000",
    "nobody",
    "",
  ]);
  expect(await outputOf(key, "stderr")).toBe("");
});

test("both streams are kept in order, with the time of writing", async () => {
  const key = newKey();
  const before = Date.now();
  await node.run(key, sh("echo one; sleep 0.02; echo two >&2; sleep 0.02; echo three"));
  const pieces = decodeFrames(await readTail(node.folders.pathOf(key), 16_384));
  expect(pieces.map(({ stream, data }) => `${stream} ${data}`)).toEqual([
    "stdout one\n",
    "stderr two\n",
    "stdout three\n",
  ]);
  for (const piece of pieces) expect(piece.writtenAtMs).toBeGreaterThanOrEqual(before);
});

test("a timeout stops the task, and SIGKILL follows when it does not obey", async () => {
  expect(await node.run(newKey(), ["sleep", "1000"], { timeoutMs: 50 })).toMatchObject({
    signal: "SIGTERM",
    stopCause: "timeout",
  });
  const deaf = sh("trap '' TERM; while :; do sleep 0.05; done");
  // The timeout leaves the shell time to set its trap.
  expect(await node.run(newKey(), deaf, { timeoutMs: 500, stopGraceMs: 100 })).toMatchObject({
    signal: "SIGKILL",
    stopCause: "timeout",
  });
});

test("a stop gives the task its grace, with the signal that it asked for", async () => {
  const key = newKey();
  const careful = sh("trap 'echo saved; exit 5' USR2; echo ready; while :; do sleep 0.02; done");
  node.start(key, careful, { stopSignal: 12 });
  await node.written(key, "ready");
  expect(await node.folders.stop(key, "term")).toBe("signalled");
  expect(await node.ended(key)).toMatchObject({ exitCode: 5, signal: "", stopCause: "stop" });
  expect(await outputOf(key)).toBe("ready\nsaved\n");
  expect(await node.folders.stop(key, "term")).toBe("ended");
});

test("a task that is itself stopped by SIGSTOP can still be stopped", async () => {
  const key = newKey();
  node.start(key, ["sleep", "1000"]);
  process.kill((await node.started(key)).taskPid, "SIGSTOP");
  await node.folders.stop(key, "term");
  expect(await node.ended(key)).toMatchObject({ signal: "SIGTERM", stopCause: "stop" });
});

test("a stop is obeyed in a flood of output", async () => {
  const key = newKey();
  node.start(key, ["yes"]);
  await node.started(key);
  await node.folders.stop(key, "term");
  expect(await node.ended(key)).toMatchObject({ signal: "SIGTERM", stopCause: "stop" });
});

test("a kill does not wait for the grace", async () => {
  const key = newKey();
  node.start(key, sh("trap '' TERM; echo ready; sleep 1000"), { stopGraceMs: 1_000_000 });
  await node.written(key, "ready");
  await node.folders.stop(key, "term");
  await node.folders.stop(key, "kill");
  expect(await node.ended(key)).toMatchObject({ signal: "SIGKILL", stopCause: "stop" });
});

test("when the end is recorded no descendant is left, not even daemons", async () => {
  const key = newKey();
  const pids = join(node.state, "pids");
  const background = 'trap \'\' TERM HUP; echo $$ >> "$0"; sleep 1000 & echo $! >> "$0"; wait';
  const script = `setsid sh -c '${background}' ${pids} & sh -c '${background}' ${pids} &
    while [ $(wc -l < ${pids}) -lt 4 ]; do sleep 0.01; done; exit 3`;
  writeFileSync(pids, "");
  expect(await node.run(key, sh(script))).toMatchObject({ exitCode: 3, stopCause: "none" });
  const descendants = readFileSync(pids, "utf8").trim().split("\n").map(Number);
  expect(descendants).toHaveLength(4);
  expect(descendants.filter(isRunning), "descendants that still run").toEqual([]);
});

test("of more output than the limit the newest is kept, and what is missing is counted", async () => {
  const key = newKey();
  const lines = 50_000;
  const ended = await node.run(key, ["seq", String(lines)], { outputLimitBytes: 64 * 1024 });
  const folder = node.folders.pathOf(key);
  const sizes = ["output", "output.old"].map((name) => readFileSync(join(folder, name)).length);
  expect(sizes[0] as number).toBeLessThanOrEqual(32 * 1024);
  expect(sizes[1] as number).toBeLessThanOrEqual(32 * 1024);
  let skipped = 0;
  let kept = "";
  for await (const piece of readOutput(folder, { tailBytes: 0, follow: false })) {
    skipped += piece.skippedBytes;
    kept += piece.data;
  }
  expect(kept.endsWith(`${lines - 1}\n${lines}\n`)).toBe(true);
  expect(skipped + kept.length, "kept and skipped bytes together").toBe(ended.outputBytes);
  expect(ended.droppedBytes).toBe(0);
});

test("a task goes on without launcher and agent, and its end is recorded", async () => {
  await using other = await TestNode.open();
  const go = join(other.state, "go");
  other.start("main-a.1", sh(`until [ -e ${go} ]; do sleep 0.01; done; echo done; exit 9`));
  await other.started("main-a.1");
  const before = other.launcherPid;
  process.kill(before, "SIGKILL");
  await untilGone(before);
  writeFileSync(go, "");
  expect((await other.ended("main-a.1")).exitCode).toBe(9);
});

test("killing the supervisor kills the task, and its loss is told", async () => {
  const key = newKey();
  node.start(key, ["sleep", "1000"]);
  const { supervisorPid, taskPid } = await node.started(key);
  process.kill(supervisorPid, "SIGKILL");
  await node.event(key, "gone");
  await untilGone(taskPid);
  expect((await node.stored(key)).ended).toBe(null);
  expect(await node.folders.stop(key, "term")).toBe("gone");
});

test("two hundred starts at once all end", async () => {
  const keys = Array.from({ length: 200 }, newKey);
  for (const key of keys) node.start(key, ["true"]);
  const ends = await Promise.all(keys.map((key) => node.ended(key)));
  expect(ends.filter((end) => end.exitCode !== 0)).toEqual([]);
  expect(node.launcher.pendingCount).toBe(0);
});

function residentKb(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

function parentOf(pid: number): number {
  return Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

// null three times, signals, events, record, two pipes; with a lease its file and the timer as well.
test.each([
  { kind: "plain", leaseInMs: null, descriptors: 8 },
  { kind: "exclusive", leaseInMs: 60_000, descriptors: 10 },
])(
  "a supervisor of a $kind task takes less than a megabyte, is named after its attempt, and holds no stray descriptors",
  async ({ leaseInMs, descriptors }) => {
    const key = newKey();
    const lease = leaseInMs === null ? {} : leaseOf(leaseInMs);
    node.start(key, ["sleep", "1000"], { standardInput: Buffer.alloc(200_000), ...lease });
    const { supervisorPid } = await node.started(key);
    expect(residentKb(supervisorPid)).toBeLessThan(1024);
    if (leaseInMs !== null) expect(residentKb(parentOf(supervisorPid)), "of its warden").toBeLessThan(1024);
    expect(readFileSync(`/proc/${supervisorPid}/cmdline`, "utf8").split("\0", 1)[0]).toBe(`holdfast-supervisor ${key}`);
    expect(readdirSync(`/proc/${supervisorPid}/fd`)).toHaveLength(descriptors);
    await node.folders.stop(key, "kill");
  },
);

test("a cgroup that cannot be joined is left out", async () => {
  const key = newKey();
  await node.run(key, ["true"], { cgroupProcs: ["/nowhere/cgroup.procs"] });
  expect((await node.stored(key)).started?.cgroupsJoined).toBe(0);
});

test("a program without #! is run by /bin/sh, as shells do", async () => {
  const key = newKey();
  const folder = join(node.state, "programs");
  mkdirSync(folder);
  writeFileSync(join(folder, "greet"), 'echo "hello $1"\n', { mode: 0o755 });
  await node.run(key, ["greet", "you"], { environment: { PATH: `${folder}:/usr/bin:/bin` } });
  expect(await outputOf(key)).toBe("hello you\n");
});

test("a task whose lease runs out is stopped, and its end says so", async () => {
  const careful = sh("trap 'echo saved; exit 5' TERM; while :; do sleep 0.02; done");
  expect(await node.run(newKey(), ["sleep", "1000"], leaseOf(300))).toMatchObject({
    signal: "SIGTERM",
    stopCause: "lease",
  });
  expect(await node.run(newKey(), careful, leaseOf(500))).toMatchObject({ exitCode: 5, stopCause: "lease" });
});

test("a task that ignores the end of its lease is killed after its grace", async () => {
  const deaf = sh("trap '' TERM; while :; do sleep 0.05; done");
  const lease = leaseOf(500);
  expect(await node.run(newKey(), deaf, { ...lease, stopGraceMs: 200 })).toMatchObject({
    signal: "SIGKILL",
    stopCause: "lease",
  });
  expect(leaseOf(0).leaseUntilBootMs).toBeGreaterThanOrEqual(lease.leaseUntilBootMs + 200 - 20);
});

test("a task that is itself stopped by SIGSTOP ends with its lease", async () => {
  const key = newKey();
  node.start(key, ["sleep", "1000"], leaseOf(500));
  process.kill((await node.started(key)).taskPid, "SIGSTOP");
  expect(await node.ended(key)).toMatchObject({ signal: "SIGTERM", stopCause: "lease" });
});

test("a lease that is extended in time lets the task run on; an earlier end never shortens it", async () => {
  const key = newKey();
  const go = join(node.state, "go-on");
  node.start(key, sh(`until [ -e ${go} ]; do sleep 0.01; done; exit 9`), leaseOf(500));
  const short = newKey();
  node.start(short, ["sleep", "1000"], leaseOf(500));
  await node.started(key);
  expect(extendLeaseFile(node.folders.pathOf(key), leaseOf(60_000).leaseUntilBootMs)).toBe(true);
  expect(extendLeaseFile(node.folders.pathOf(key), leaseOf(0).leaseUntilBootMs)).toBe(true);
  // Of another attempt of the same task: its own lease ran out all the same.
  expect(await node.ended(short)).toMatchObject({ stopCause: "lease" });
  writeFileSync(go, "");
  expect(await node.ended(key)).toMatchObject({ exitCode: 9, stopCause: "none" });
  expect(extendLeaseFile(node.folders.pathOf("main-never.1"), 1)).toBe(false);
});

test("nothing is started when the lease is over already", async () => {
  const witness = join(node.state, "ran");
  const ended = await node.run(newKey(), ["touch", witness], leaseOf(-60_000));
  expect(ended).toMatchObject({ startedAtMs: 0, startError: "its lease was over before it could start" });
  expect(existsSync(witness)).toBe(false);
});

test("a lease ends its task without launcher and agent", async () => {
  await using other = await TestNode.open();
  other.start("main-a.1", ["sleep", "1000"], leaseOf(1_000));
  await other.started("main-a.1");
  const before = other.launcherPid;
  process.kill(before, "SIGKILL");
  await untilGone(before);
  expect(await other.ended("main-a.1")).toMatchObject({ signal: "SIGTERM", stopCause: "lease" });
});

/** Lets a task write the pids of its processes, daemons in sessions of their own among them. */
function family(pids: string): string[] {
  const daemon = 'trap "" TERM HUP; echo $$ >> "$0"; sleep 1000 & echo $! >> "$0"; wait';
  return sh(`echo $$ >> ${pids}; (setsid sh -c '${daemon}' ${pids} &) ; sleep 1000 & echo $! >> ${pids}
    while [ $(wc -l < ${pids}) -lt 4 ]; do sleep 0.01; done; echo all; wait`);
}

function livingOf(pids: string): readonly number[] {
  return readFileSync(pids, "utf8").trim().split("\n").map(Number).filter(isRunning);
}

test("killing the supervisor of an exclusive task kills all of the task, without the agent", async () => {
  const key = newKey();
  const pids = join(node.state, "family");
  node.start(key, family(pids), leaseOf(60_000));
  await node.written(key, "all");
  expect(livingOf(pids)).toHaveLength(4);
  process.kill((await node.started(key)).supervisorPid, "SIGKILL");
  await node.event(key, "gone");
  expect(livingOf(pids), "processes that still run").toEqual([]);
});

test("a supervisor whose warden was killed goes on alone", async () => {
  const key = newKey();
  node.start(key, ["sleep", "1000"], leaseOf(1_000));
  const warden = parentOf((await node.started(key)).supervisorPid);
  expect(warden).not.toBe(node.launcherPid);
  process.kill(warden, "SIGKILL");
  expect(await node.ended(key)).toMatchObject({ signal: "SIGTERM", stopCause: "lease" });
});

test("a supervisor that is itself stopped does not outlive the lease and the grace, and neither does its task", async () => {
  const key = newKey();
  const pids = join(node.state, "family-of-a-stopped-one");
  const lease = leaseOf(1_000);
  node.start(key, family(pids), { ...lease, stopGraceMs: 200 });
  await node.written(key, "all");
  process.kill((await node.started(key)).supervisorPid, "SIGSTOP");
  await node.event(key, "gone");
  expect(livingOf(pids), "processes that still run").toEqual([]);
  expect(leaseOf(0).leaseUntilBootMs).toBeLessThan(lease.leaseUntilBootMs + 10_000);
});
