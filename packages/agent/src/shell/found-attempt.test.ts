/** What an agent finds that comes later, on the real binary. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endWithoutProcess } from "../core/ending.ts";
import { TestNode } from "../process/testing.ts";
import { textOfEnd } from "./attempt-marks.ts";
import { findAttempt } from "./found-attempt.ts";

test("what runs, has ended, was buried or is gone is told apart", async () => {
  await using node = await TestNode.open();
  await node.folders.bury("main-buried.1", textOfEnd({ ...endWithoutProcess(1), state: "cancelled", reason: "early" }));
  await node.run("main-ended.1", ["true"]);
  node.start("main-running.1", ["sleep", "1000"]);
  await node.started("main-running.1");
  node.start("main-gone.1", ["sleep", "1000"]);
  process.kill((await node.started("main-gone.1")).supervisorPid, "SIGKILL");
  await node.event("main-gone.1", "gone");
  const kinds: [string, string | undefined][] = [];
  for (const key of (await node.folders.keys()).sort()) {
    kinds.push([key, (await findAttempt(node.folders, key, false))?.folder.kind]);
  }
  expect(kinds).toEqual([
    ["main-buried.1", "decided"],
    ["main-ended.1", "ended"],
    ["main-gone.1", "gone"],
    ["main-running.1", "running"],
  ]);
  expect(await findAttempt(node.folders, "main-never.1", true)).toBe(null);
});

test("a start is not given up while anybody may still record it, however long that takes", async () => {
  await using node = await TestNode.open();
  const folder = node.folders.pathOf("main-a.1");
  const kind = async (isPending: boolean) => (await findAttempt(node.folders, "main-a.1", isPending))?.folder.kind;
  mkdirSync(folder);
  expect(await kind(true), "the launcher has made the folder").toBe("starting");
  expect(await kind(false), "it died before it wrote the record").toBe("gone");
  writeFileSync(join(folder, "record"), "{}\n");
  const reader = spawnHolding(join(folder, "record"), "r");
  const supervisor = spawnHolding(join(folder, "record"), "a");
  expect(await kind(false), "its supervisor has done nothing yet").toBe("starting");
  supervisor.kill("SIGKILL");
  await once(supervisor, "exit");
  expect(await kind(true), "its supervisor has died").toBe("gone");
  reader.kill();
});

/** Stands for a process that has a file open. */
function spawnHolding(path: string, flags: "r" | "a"): ChildProcess {
  const file = openSync(path, flags);
  const child = spawn("sleep", ["1000"], { stdio: ["ignore", file, "ignore"] });
  closeSync(file);
  return child;
}
