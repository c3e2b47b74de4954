/**
 * A client that shares no code with this tree does its work over the wire: Debian's Python and gRPC, with stubs made from
 * `proto/`, and once with nothing but server reflection. What it checks stands in `client/`; here it gets a cluster of real
 * processes, and each of its sections becomes a test.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RunningCluster, startCluster } from "@holdfast/cli/up/running-cluster.ts";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Debian's own: it is the one that python3-grpcio belongs to. */
const python = "/usr/bin/python3";
/** apt may have to fetch some packages first. */
const setUpMs = 300_000;
const sectionMs = 120_000;

const sections = ["health", "reflection", "tasks", "batches", "lists", "waiting", "operators", "refusals"];

let folder: string;
let cluster: RunningCluster;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-foreign-client-"));
  const setUp = await run("sh", [pathOf("set-up.sh"), stubs()], setUpMs);
  expect(setUp.exitCode, `set-up.sh should have prepared the client, but said:\n${setUp.output}`).toBe(0);
  cluster = await startCluster({ dataDir: join(folder, "cluster"), coordinators: 3, agents: 1 });
}, setUpMs);

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

test.each(sections)("a client in Python: %s", { timeout: sectionMs }, async (section) => {
  await proves(section, ...cluster.addresses);
});

test("a client in Python: coordinators, one of which has just started", { timeout: sectionMs }, async () => {
  const late = cluster.coordinator("coordinator-3");
  await late.restart();
  await cluster.ready();
  await proves("coordinators", ...cluster.addresses, "--late", late.plan.address ?? "");
});

/** Fails with the line of each check that failed. */
async function proves(...args: readonly string[]): Promise<void> {
  const { exitCode, output } = await run(python, ["-B", pathOf("client"), ...args], sectionMs);
  const lines = output.split("\n").filter((line) => line !== "");
  const failed = lines.filter((line) => !line.startsWith("ok "));
  expect(failed.join("\n"), "every check should hold, these did not").toBe("");
  expect(exitCode, `the client should have ended with 0, after:\n${output}`).toBe(0);
  expect(lines.length, "the client should have checked something").toBeGreaterThan(0);
}

interface Ended {
  /** Null: it took too long, or could not be started. */
  readonly exitCode: number | null;
  /** Both streams. */
  readonly output: string;
}

function run(command: string, args: readonly string[], timeoutMs: number): Promise<Ended> {
  const options = { timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024, env: { ...process.env, PYTHONPATH: stubs() } };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      const reason = error !== null && exitCode === null ? `${error.message}\n` : "";
      resolve({ exitCode, output: `${stdout}${stderr}${reason}` });
    });
  });
}

function stubs(): string {
  return join(folder, "stubs");
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
