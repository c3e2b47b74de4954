/** Operators' own checks, with real commands. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { processStatus } from "../../process/supervisor-process.ts";
import { customCheck } from "./custom-check.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-custom-check-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function findingOf(argv: readonly string[], timeoutMs = 20_000) {
  const check = customCheck({ name: "mine", argv, intervalMs: 60_000, timeoutMs });
  return (await check.look()).get("custom.mine");
}

const shell = (script: string) => ["/bin/sh", "-c", script];

test.each([
  ["exit 0", { health: "healthy", reason: "", suggestedAction: "" }],
  ["echo fine", { health: "healthy", reason: "" }],
  ["echo '  disk 3 is slow'; echo more; exit 1", { health: "degraded", reason: "disk 3 is slow" }],
  ["echo disk 3 is dead; exit 2", { health: "unhealthy", reason: "disk 3 is dead" }],
  ["exit 2", { health: "unhealthy", reason: "exit code 2, without a word" }],
  ["echo no idea; exit 3", { health: "unknown", reason: "exit code 3, having said: no idea" }],
  ["exit 126", { health: "unknown", reason: "exit code 126" }],
  ["kill -9 $$", { health: "unknown", reason: "it was ended by SIGKILL" }],
  ["head -c 300000 /dev/zero | tr '\\0' x; exit 1", { health: "degraded", reason: "x".repeat(300) }],
])("%s", async (script, expected) => {
  expect(await findingOf(shell(script))).toMatchObject(expected);
});

test("a command that is not there is unknown, and the configuration is pointed to", async () => {
  expect(await findingOf(["/no/such/program"])).toMatchObject({
    health: "unknown",
    reason: expect.stringContaining("it cannot be run: spawn /no/such/program ENOENT"),
    suggestedAction: "correct checks.custom in the agent's configuration",
  });
});

test("one that hangs is killed with a child, and with one that has made a session of its own", async () => {
  const pids = join(folder, "pids");
  const script = `echo waiting; sleep 600 & echo $! >> ${pids}; setsid sh -c 'echo $$ >> ${pids}; exec sleep 600' & echo $$ >> ${pids}; wait`;
  const finding = await findingOf(shell(script), 3_000);
  expect(finding).toMatchObject({
    health: "unknown",
    reason: "it did not end within 3000 ms and was killed, having said: waiting",
  });
  const started = readFileSync(pids, "utf8").trim().split("\n").map(Number);
  expect(started, "processes that the check had started").toHaveLength(3);
  for (const pid of started) {
    await expect
      .poll(() => processStatus(pid), { timeout: 20_000, message: `process ${pid} should be gone` })
      .toBeNull();
  }
});

test("closing ends what is under way", async () => {
  const pidFile = join(folder, "running");
  const script = `echo $$ > ${pidFile}.part; mv ${pidFile}.part ${pidFile}; exec sleep 600`;
  const check = customCheck({ name: "mine", argv: shell(script), intervalMs: 600_000, timeoutMs: 600_000 });
  const found = check.look();
  await expect.poll(() => existsSync(pidFile), { timeout: 20_000, message: "the command should run" }).toBe(true);
  check.close?.();
  expect((await found).get("custom.mine")).toMatchObject({ health: "unknown", reason: "it was ended by SIGKILL" });
  expect(processStatus(Number(readFileSync(pidFile, "utf8")))).toBeNull();
});

test("what a command leaves behind neither holds it up nor stays", async () => {
  const pids = join(folder, "left");
  expect(await findingOf(shell(`sleep 600 & echo $! > ${pids}; exit 1`))).toMatchObject({ health: "degraded" });
  const pid = Number(readFileSync(pids, "utf8"));
  await expect.poll(() => processStatus(pid), { timeout: 20_000 }).toBeNull();
});

test("it gets an environment of its own, not the agent's", async () => {
  process.env["HOLDFAST_SECRET_OF_THE_AGENT"] = "secret";
  const script = 'echo "$HOLDFAST_CHECK $HOLDFAST_SECRET_OF_THE_AGENT $PWD"; exit 1';
  expect(await findingOf(shell(script))).toMatchObject({ reason: "mine  /" });
  delete process.env["HOLDFAST_SECRET_OF_THE_AGENT"];
});
