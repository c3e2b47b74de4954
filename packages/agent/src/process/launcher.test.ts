/** Launcher, events and folders together, on the real binary. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";
import { killLeftovers } from "./leftovers.ts";
import { readOutput } from "./output-reader.ts";
import { encodeStartFrame } from "./start-frame.ts";
import { isSupervisorAlive } from "./supervisor-process.ts";
import { isRunning, supervisorBinary, TestNode, untilGone } from "./testing.ts";

test("a repeated start finds the folder and starts nothing", async () => {
  await using node = await TestNode.open();
  await node.run("main-a.1", ["sh", "-c", "exit 1"]);
  node.start("main-a.1", ["sh", "-c", "exit 2"]);
  await node.event("main-a.1", "exists");
  const stored = await node.stored("main-a.1");
  expect(stored.ended?.exitCode).toBe(1);
  expect(stored.order).toBe('{"key":"main-a.1"}');
});

test("a tombstone keeps an attempt from ever starting, and is found again", async () => {
  await using node = await TestNode.open();
  expect(await node.folders.bury("main-a.1", "cancelled before it came")).toBe(true);
  node.start("main-a.1", ["true"]);
  await node.event("main-a.1", "exists");
  expect(await node.stored("main-a.1")).toMatchObject({
    tombstone: "cancelled before it came",
    order: null,
    started: null,
    ended: null,
  });
  expect(await node.folders.stop("main-a.1", "term")).toBe("gone");
});

test("an attempt that exists cannot be buried", async () => {
  await using node = await TestNode.open();
  await node.run("main-a.1", ["true"]);
  expect(await node.folders.bury("main-a.1", "too late")).toBe(false);
  expect((await node.stored("main-a.1")).ended?.exitCode).toBe(0);
});

test("a folder that cannot be made is refused with the reason", async () => {
  await using node = await TestNode.open();
  node.start("main-a.1", ["true"], { folder: "/nowhere/main-a.1" });
  expect(await node.event("main-a.1", "refused")).toMatchObject({
    reason: "cannot make the attempt's folder: No such file or directory",
  });
});

test("a request with a NUL byte is refused, and the launcher goes on", async () => {
  await using node = await TestNode.open();
  node.start("main-a.1", ["echo", "a\0b"]);
  expect(await node.event("main-a.1", "refused")).toMatchObject({
    reason: "malformed start frame: a text field does not end with its only NUL byte",
  });
  expect((await node.run("main-b.1", ["true"])).exitCode).toBe(0);
});

test("frames larger than the launcher's buffer pass, mixed with small ones", async () => {
  await using node = await TestNode.open();
  const keys = Array.from({ length: 12 }, (_, index) => `main-${index}.1`);
  for (const [index, key] of keys.entries()) {
    const standardInput = Buffer.alloc(index % 3 === 0 ? 250_000 : index * 4_000, "x");
    node.start(key, ["sh", "-c", `test $(wc -c) -eq ${standardInput.length}`], { standardInput });
  }
  const ends = await Promise.all(keys.map((key) => node.ended(key)));
  expect(ends.map((end) => end.exitCode)).toEqual(keys.map(() => 0));
});

test("a launcher that dies is started again and gets the unanswered starts once more", async () => {
  await using node = await TestNode.open();
  const first = node.launcherPid;
  // Held still, it cannot answer: all of these are pending when it dies.
  process.kill(first, "SIGSTOP");
  const keys = Array.from({ length: 20 }, (_, index) => `main-${index}.1`);
  for (const key of keys) node.start(key, ["true"]);
  process.kill(first, "SIGKILL");
  const ends = await Promise.all(keys.map((key) => node.ended(key)));
  expect(ends.map((end) => end.exitCode)).toEqual(keys.map(() => 0));
  expect(node.restarts).toEqual(["SIGKILL"]);
  expect(node.launcherPid).not.toBe(first);
});

test("an agent that comes later hears the supervisors of the one before", async () => {
  await using node = await TestNode.open();
  node.start("main-a.1", ["sleep", "1000"]);
  const started = await node.started("main-a.1");
  await node.launcher.close();
  expect(isSupervisorAlive(started), "the supervisor outlives its launcher").toBe(true);
  await node.openLauncher();
  expect(await node.folders.stop("main-a.1", "term")).toBe("signalled");
  expect(await node.ended("main-a.1")).toMatchObject({ signal: "SIGTERM", stopCause: "stop" });
  expect((await node.folders.scan()).map(({ key, taskId, attempt }) => ({ key, taskId, attempt }))).toEqual([
    { key: "main-a.1", taskId: "main-a", attempt: 1 },
  ]);
});

test("events that nobody reads do not hold up tasks", async () => {
  await using node = await TestNode.open();
  await node.launcher.close();
  const events = join(node.state, "events");
  expect(statSync(events).isFIFO()).toBe(true);
  const reader = openSync(events, constants.O_RDWR | constants.O_NONBLOCK);
  const filler = Buffer.alloc(4096, "x");
  expect(() => {
    for (;;) writeSync(reader, filler);
  }, "the FIFO fills up").toThrow("EAGAIN");
  // Its own agent would empty the FIFO, so the frame is sent by hand.
  const child = spawn(supervisorBinary(), ["launch", "--state", node.state]);
  await once(child.stdout, "data");
  child.stdin.end(encodeStartFrame(node.request("main-a.1", ["sh", "-c", "exit 6"])));
  await once(child, "exit");
  const folder = node.folders.pathOf("main-a.1");
  for await (const piece of readOutput(folder, { tailBytes: 0, follow: true })) throw new Error(`unexpected ${piece}`);
  expect((await node.stored("main-a.1")).ended?.exitCode).toBe(6);
  closeSync(reader);
});

test("a supervisor of another boot, or with another start time, is not taken for ours", async () => {
  await using node = await TestNode.open();
  node.start("main-a.1", ["sleep", "1000"]);
  const started = await node.started("main-a.1");
  expect(isSupervisorAlive(started)).toBe(true);
  expect(isSupervisorAlive({ ...started, bootId: "another" })).toBe(false);
  expect(isSupervisorAlive({ ...started, supervisorStartTicks: started.supervisorStartTicks - 1 })).toBe(false);
});

test("what a killed supervisor's task leaves can be killed, in its session and out of it", async () => {
  await using node = await TestNode.open();
  const marks = ["HOLDFAST_TASK_ID=main-a", "HOLDFAST_FENCE=7.1"];
  const environment = { PATH: "/usr/bin:/bin", HOLDFAST_TASK_ID: "main-a", HOLDFAST_FENCE: "7.1" };
  // A daemon: forked twice, with a session of its own; the shell between has ended.
  const script = "sleep 1000 & echo $! > pids; (setsid sleep 1000 & echo $! >> pids); echo all; wait";
  node.start("main-a.1", ["sh", "-c", script], { environment });
  const started = await node.started("main-a.1");
  await node.written("main-a.1", "all\n");
  const pids = readFileSync(join(node.folders.pathOf("main-a.1"), "work/pids"), "utf8")
    .trim()
    .split("\n")
    .map(Number);
  process.kill(started.supervisorPid, "SIGKILL");
  await node.event("main-a.1", "gone");
  await untilGone(started.taskPid);
  expect(pids.filter(isRunning), "processes that outlive the supervisor").toEqual(pids);
  expect(killLeftovers({ ...started, bootId: "another" }, marks)).toBe(0);
  expect(killLeftovers(null, ["HOLDFAST_TASK_ID=main-a", "HOLDFAST_FENCE=7.2"])).toBe(0);
  expect(killLeftovers(started, [])).toBe(1);
  await untilGone(pids[0] as number);
  expect(killLeftovers(started, marks)).toBe(1);
  await untilGone(pids[1] as number);
  expect(killLeftovers(started, marks)).toBe(0);
});

test("a second launcher on the same folder is refused while the first one lives", async () => {
  await using node = await TestNode.open();
  await expect(node.openLauncher()).rejects.toThrow("does another agent use this folder?");
});

test("the command line refuses what it does not know, with its usage", () => {
  const run = (...words: string[]) => {
    try {
      return execFileSync(supervisorBinary(), words, { encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      return error as { status: number; stderr: string };
    }
  };
  expect(run("--version")).toMatch(/^holdfast-supervisor \d+\.\d+\.\d+\n$/);
  for (const words of [[], ["dance"], ["launch"], ["run", "--", "true"], ["run", "--folder"]]) {
    expect(run(...words)).toMatchObject({ status: 2, stderr: expect.stringContaining("Usage:") });
  }
});
