import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readHighestEpoch, writeHighestEpoch } from "./agent-state-file.ts";
import { CleanUp } from "./clean-up.ts";
import { lockDataFolder } from "./data-folder-lock.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-data-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("the highest epoch is read back, and 0 where none was met", async () => {
  expect(await readHighestEpoch(folder)).toBe(0);
  await writeHighestEpoch(folder, 1_800_000_000_000_003);
  expect(await readHighestEpoch(folder)).toBe(1_800_000_000_000_003);
});

test("a damaged state file is not taken for none", async () => {
  writeFileSync(join(folder, "agent-state.json"), '{"version":1,"highestEp');
  await expect(readHighestEpoch(folder)).rejects.toThrow("agent-state.json is damaged");
});

test("a second agent is kept off, with the pid of the first", async () => {
  const lock = await lockDataFolder(folder);
  await expect(lockDataFolder(folder)).rejects.toThrow(`is in use by the agent with pid ${process.pid}`);
  await lock.release();
  await (await lockDataFolder(folder)).release();
});

test("the lock of a process that has died, or whose pid another has now, does not count", async () => {
  for (const stale of [`${process.pid} 1\n`, "4194303 1\n", "", "garbage\n"]) {
    writeFileSync(join(folder, "agent.lock"), stale);
    const lock = await lockDataFolder(folder);
    expect(readFileSync(join(folder, "agent.lock"), "utf8")).toMatch(new RegExp(`^${process.pid} \\d+\n$`));
    await lock.release();
  }
});

test("clean-up deletes what is too old, and the oldest of what is too much", async () => {
  const deleted: string[] = [];
  const cleanUp = new CleanUp({ maxAgeMs: 1_000, maxBytes: 100 }, async (key) => {
    deleted.push(key);
  });
  cleanUp.add("t1.1", { endedAtMs: 0, bytes: 10 });
  cleanUp.add("t2.1", { endedAtMs: 500, bytes: 60 });
  cleanUp.add("t3.1", { endedAtMs: 600, bytes: 40 });
  await cleanUp.sweep(700);
  expect(deleted).toEqual(["t1.1"]);
  await cleanUp.sweep(1_500);
  expect(deleted).toEqual(["t1.1", "t2.1"]);
  await cleanUp.sweep(1_500);
  expect(deleted).toEqual(["t1.1", "t2.1"]);
});
