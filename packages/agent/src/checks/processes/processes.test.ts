/** Processes that linger: real zombies of this machine, and the judgement by figures. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { carryOver, judgeStuck, judgeZombies, type Lingering } from "./lingering.ts";
import { type ProcessSeen, walkProcesses } from "./process-walk.ts";

const minuteMs = 60_000;

const waiting = (pid: number, switches = 5, startTicks = 100): ProcessSeen => ({
  pid,
  name: "cp",
  parentPid: 1,
  state: "D",
  startTicks,
  switches,
});
const dead = (pid: number, parentPid: number): ProcessSeen => ({
  ...waiting(pid, 0),
  name: "sh",
  parentPid,
  state: "Z",
});

/** One look a minute. */
const watch = (looks: readonly (readonly ProcessSeen[])[]): Lingering[] =>
  looks.reduce<Lingering[]>((before, seen, minute) => carryOver(before, seen, minute * minuteMs), []);

test.each([
  ["nothing in D", [[], [], []], 2, "healthy"],
  ["one for a minute", [[waiting(7)], [waiting(7)]], 1, "healthy"],
  ["one for two minutes", [[waiting(7)], [waiting(7)], [waiting(7)]], 2, "degraded"],
  [
    "one that is seen in D each time, but has run in between",
    [[waiting(7, 1)], [waiting(7, 2)], [waiting(7, 3)]],
    2,
    "healthy",
  ],
  ["another process with the same pid", [[waiting(7)], [waiting(7, 5, 200)], [waiting(7, 5, 200)]], 2, "healthy"],
  ["one for ten minutes", Array.from({ length: 11 }, () => [waiting(7)]), 10, "unhealthy"],
  [
    "ten for two minutes",
    Array.from({ length: 3 }, () => Array.from({ length: 10 }, (_, at) => waiting(at + 1))),
    2,
    "unhealthy",
  ],
] as const)("%s", (_, looks, atMinute, expected) => {
  expect(judgeStuck(watch(looks), atMinute * minuteMs, true).health).toBe(expected);
});

test("says which processes are stuck, and for how long", () => {
  const lingering = watch([[waiting(7)], [waiting(7)], [waiting(7)], [waiting(7)]]);
  expect(judgeStuck(lingering, 3 * minuteMs, true).reason).toBe(
    "one process has been in the kernel (D) without a move, the longest for 3 min: 7 (cp)",
  );
});

test("many zombies of five minutes are told with the parent of most of them", () => {
  const family = [...Array.from({ length: 24 }, (_, at) => dead(100 + at, 42)), dead(99, 7)];
  const looks = Array.from({ length: 6 }, () => family);
  expect(judgeZombies(watch(looks), 4 * minuteMs, true).health).toBe("healthy");
  expect(judgeZombies(watch(looks), 5 * minuteMs, true)).toMatchObject({
    health: "degraded",
    reason: "25 zombies for 5 min or longer, 24 of them left by process 42",
  });
  expect(judgeZombies(watch(looks.map((seen) => seen.slice(0, 19))), 5 * minuteMs, true).health).toBe("healthy");
});

test("after one look, what would have to last is unknown, and what is not there is healthy", () => {
  expect(judgeStuck([], 0, false).health).toBe("healthy");
  expect(judgeStuck(watch([[waiting(7)]]), 0, false)).toMatchObject({
    health: "unknown",
    reason: "one process waits in the kernel (D): 7 (cp); whether that is a fault shows after 2 min",
  });
});

test("a real zombie is seen until its parent reaps it", async () => {
  // The shell's replacement never reaps the child that the shell had started.
  const parent = spawn("/bin/sh", ["-c", "/bin/true & exec sleep 60"], { stdio: "ignore" });
  const mine = async () => (await walkProcesses()).find(({ parentPid }) => parentPid === parent.pid);
  await expect.poll(mine, { timeout: 20_000 }).toMatchObject({ state: "Z", switches: 0 });
  parent.kill("SIGKILL");
  await once(parent, "exit");
  await expect.poll(mine, { timeout: 20_000 }).toBeUndefined();
});

test("a process in D is read with its name and how often it has run", async () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-proc-"));
  mkdirSync(join(folder, "12"));
  mkdirSync(join(folder, "self"));
  const rest = Array.from({ length: 48 }, () => "0").join(" ");
  writeFileSync(join(folder, "12/stat"), `12 (a) D (b) D 3 ${rest.replace(/^(?:0 ){17}0/, `${"0 ".repeat(17)}900`)}\n`);
  writeFileSync(join(folder, "12/status"), "Name:\ta\nvoluntary_ctxt_switches:\t40\nnonvoluntary_ctxt_switches:\t2\n");
  expect(await walkProcesses(folder)).toEqual([
    { pid: 12, name: "a) D (b", parentPid: 3, state: "D", startTicks: 900, switches: 42 },
  ]);
  rmSync(folder, { recursive: true });
});
