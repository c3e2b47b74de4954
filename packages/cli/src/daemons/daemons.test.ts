/** The daemons' commands as a service manager sees them: their exit codes and what they say. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "holdfast-daemons-"));
afterAll(() => rmSync(folder, { recursive: true }));

const entry = fileURLToPath(new URL("../main.ts", import.meta.url));

function holdfast(...args: string[]) {
  return spawn(process.execPath, [entry, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

async function outcome(...args: string[]) {
  const child = holdfast(...args);
  const exited = once(child, "exit");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = await exited;
  return { exitCode, stdout, stderr };
}

function agentFile(): string {
  const file = join(folder, "agent.yaml");
  // Nobody listens on the discard port: an agent waits for its coordinators.
  writeFileSync(file, "nodeId: quiet\ncoordinators: [127.0.0.1:9]\ndataDir: data\n");
  return file;
}

test("--check tells that settings are valid", async () => {
  const { exitCode, stdout } = await outcome("agent", "--config", agentFile(), "--check");
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "the settings of quiet are valid\n" });
});

test("wrong settings end with 2, and every mistake is told", async () => {
  const { exitCode, stderr } = await outcome("coordinator", "--set", "number=-1", "--set", "listen=here");
  expect(exitCode).toBe(2);
  for (const setting of ["number", "redis", "dataDir", "listen"]) expect(stderr).toContain(`${setting}: `);
});

test("SIGTERM stops a daemon in order", async () => {
  const child = holdfast("agent", "--config", agentFile());
  let said = "";
  for await (const piece of child.stdout.setEncoding("utf8")) {
    said += piece;
    if (said.includes("the agent has started") && !child.killed) child.kill("SIGTERM");
  }
  if (child.exitCode === null) await once(child, "exit");
  expect({ exitCode: child.exitCode, said }).toEqual({ exitCode: 0, said: expect.stringContaining('"msg":"stopped"') });
});
