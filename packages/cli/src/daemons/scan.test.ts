/** `holdfast agent scan` as a user runs it: what it prints, and its exit codes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { builtInChecks } from "@holdfast/shared/config/check-settings.ts";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "holdfast-scan-"));
afterAll(() => rmSync(folder, { recursive: true }));

const entry = fileURLToPath(new URL("../main.ts", import.meta.url));

async function scan(...args: string[]) {
  const child = spawn(process.execPath, [entry, "agent", "scan", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = await exited;
  return { exitCode, stdout, stderr };
}

/** Settings with no check but these commands: this machine's own state must not decide. */
function only(scripts: Readonly<Record<string, string>>, rest: object = {}): string {
  const file = join(folder, "agent.yaml");
  const custom = Object.entries(scripts).map(([name, script]) => ({
    name,
    argv: ["/bin/sh", "-c", script],
    timeoutMs: 20_000,
  }));
  const checks = { disabled: builtInChecks, custom, ...rest };
  writeFileSync(file, JSON.stringify({ coordinators: ["127.0.0.1:9"], dataDir: "data", checks }));
  return file;
}

test.each([
  [0, "healthy", { raid: "exit 0", other: "exit 3" }],
  [1, "degraded", { raid: "echo slow; exit 1", other: "exit 0" }],
  [2, "unhealthy", { raid: "echo slow; exit 1", other: "echo dead; exit 2" }],
  [3, "unknown", { raid: "exit 3" }],
])("exit code %i: the machine is %s", async (code, word, scripts) => {
  const { exitCode, stdout, stderr } = await scan("--config", only(scripts));
  expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: "" });
  expect(stdout).toContain(`\n\nthis machine is ${word}\n`);
});

test("without any settings it makes all built-in checks", async () => {
  const { exitCode, stdout } = await scan("--json");
  const { health, inventory, checks } = JSON.parse(stdout);
  expect(checks.map(({ name }: { name: string }) => name)).toEqual([...builtInChecks].sort());
  expect(inventory).toMatchObject({ hostname: expect.any(String), memoryBytes: expect.any(Number) });
  const codes: Record<string, number> = { HEALTH_HEALTHY: 0, HEALTH_DEGRADED: 1, HEALTH_UNHEALTHY: 2 };
  expect(exitCode).toBe(codes[health]);
});

test("for people: the machine in two lines, then the worst first with what to do", async () => {
  const file = only({ a: "exit 0", b: "echo 'disk 3 is dead'; exit 2" });
  const [machine, processor, , heads, first, second] = (await scan("-c", file)).stdout.split("\n");
  expect(machine).toMatch(/^\S+ \(.+, .+, .+\)$/);
  expect(processor).toMatch(/^\d+ × .+ memory/);
  expect(heads).toMatch(/^CHECK +STATE +SINCE +REASON +SUGGESTED ACTION$/);
  expect(first).toMatch(/^custom\.b +unhealthy .* disk 3 is dead +run it on the node to see more: /);
  expect(second).toMatch(/^custom\.a +healthy /);
  expect(existsSync(join(folder, "data")), "an agent's folder").toBe(false);
});

test("an interrupted scan takes its commands with it", async () => {
  const pidFile = join(folder, "pid");
  const file = only({ slow: `echo $$ > ${pidFile}.part; mv ${pidFile}.part ${pidFile}; exec sleep 600` });
  const child = spawn(process.execPath, [entry, "agent", "scan", "-c", file], { stdio: "ignore" });
  const exited = once(child, "exit");
  await expect.poll(() => existsSync(pidFile), { timeout: 20_000, message: "the command should run" }).toBe(true);
  child.kill("SIGINT");
  expect(await exited, "exit code and signal").toEqual([130, null]);
  const pid = readFileSync(pidFile, "utf8").trim();
  await expect
    .poll(() => existsSync(`/proc/${pid}`), { timeout: 20_000, message: "the command should end" })
    .toBe(false);
});

test("settings with a mistake are told, and nothing is checked", async () => {
  const file = only({}, { disabled: ["zombis"] });
  const { exitCode, stdout, stderr } = await scan("-c", file);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toContain("checks.disabled.0: is no built-in check; did you mean zombies?");
});
