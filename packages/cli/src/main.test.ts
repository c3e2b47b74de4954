/** The command as a process, against a gRPC server that answers as the test says. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Script, startScriptedCoordinator } from "@holdfast/shared/client/testing/scripted-coordinator.ts";
import { toServiceError } from "@holdfast/shared/contract/status-details.ts";
import { HoldfastError, invalidField } from "@holdfast/shared/errors.ts";
import { afterEach, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function serve(script: Script) {
  const coordinator = await startScriptedCoordinator(script);
  cleanUps.push(() => coordinator.kill());
  return coordinator;
}

function start(...words: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [main, ...words], { cwd: "/", env: { PATH: process.env["PATH"] } });
  cleanUps.push(() => child.kill("SIGKILL"));
  return child;
}

async function ended(child: ChildProcessWithoutNullStreams, input = "") {
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  child.stdin.end(input);
  const [exitCode] = await once(child, "close");
  return { exitCode, stdout, stderr };
}

const holdfast = (...words: string[]) => ended(start(...words));

test("help lists the commands and the exit codes", async () => {
  const { exitCode, stdout } = await holdfast("--help");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/\bstep-down\b[\s\S]*Exit codes:/);
});

test("each command has help with examples", async () => {
  const { stdout } = await holdfast("--help");
  const names = [...stdout.matchAll(/^ {2}([a-z-]+) {2,}[a-z]/gm)].map(([, name]) => name as string);
  const own = names.filter((name) => !["up", "demo", "coordinator", "agent"].includes(name));
  expect(own.length).toBeGreaterThan(15);
  for (const name of own) {
    const help = await holdfast(name, "--help");
    expect(help, name).toMatchObject({ exitCode: 0, stderr: "" });
    expect(help.stdout, `${name} --help has examples`).toContain("Examples:");
  }
}, 60_000);

test("what is misspelt gets a suggestion, and exit code 2", async () => {
  expect(await holdfast("statsu")).toMatchObject({
    exitCode: 2,
    stderr: "holdfast: unknown command 'statsu' (did you mean status?)\n",
  });
  expect(await holdfast("ps", "--lable", "a=b")).toMatchObject({
    exitCode: 2,
    stderr: "holdfast: unknown option '--lable' (did you mean --label?)\n",
  });
  expect(await holdfast("submit", "--timeout", "30", "--", "x")).toMatchObject({
    exitCode: 2,
    stderr:
      "holdfast: option '--timeout <duration>' argument '30' is invalid: write a duration such as 500ms, 30s, 1h30m or 2d\n",
  });
  expect(await holdfast("status", "--address", "a b")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--address: "a b" is not an address'),
  });
});

test("a cluster that cannot be reached is exit code 4, with a remedy", async () => {
  const gone = await serve({});
  gone.kill();
  const { exitCode, stderr } = await holdfast("status", "--address", gone.address, "--call-deadline", "500ms");
  expect(exitCode).toBe(4);
  expect(stderr).toContain(`${gone.address}: connection refused`);
  expect(stderr).toContain("`holdfast up` starts one");
});

test("a coordinator without a leader is passed over for another", async () => {
  const standby = await serve({
    cluster: { Status: (_, answer) => answer(toServiceError(new HoldfastError("unavailable", "no leader"))) },
  });
  const leader = await serve({ cluster: { Status: (_, answer) => answer(null, { cell: "main", leaderId: "c2" }) } });
  const { exitCode, stdout } = await holdfast("status", "-o", "json", "-a", `${standby.address},${leader.address}`);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ cell: "main", leaderId: "c2" });
});

test("refusals name the field; what is not found is exit code 3", async () => {
  const { address } = await serve({
    tasks: {
      Submit: (_, answer) => answer(toServiceError(invalidField("spec.name", "has 200 characters; use at most 128"))),
      Get: (_, answer) => answer(toServiceError(new HoldfastError("notFound", "no task main-9 in namespace default"))),
    },
  });
  expect(await holdfast("submit", "-a", address, "--", "x")).toMatchObject({
    exitCode: 5,
    stdout: "",
    stderr: "holdfast: spec.name: has 200 characters; use at most 128\n",
  });
  expect(await holdfast("show", "-a", address, "main-9")).toMatchObject({
    exitCode: 3,
    stderr: expect.stringMatching(/^holdfast: no task main-9 in namespace default\n {2}`holdfast ps --all`/),
  });
});

test("submit sends what the flags say", async () => {
  const requests: unknown[] = [];
  const { address } = await serve({
    tasks: {
      Submit: ({ request }, answer) => {
        requests.push(request);
        answer(null, { taskId: "main-1", revision: "4" });
      },
    },
  });
  const words =
    "--cpu 500m --memory 1GiB --count gpu=1 --env A=b --retries 2 --final-exit-code 3,4 --timeout 1m --exclusive";
  const { exitCode, stdout } = await holdfast(
    ...["--namespace", "lab", "submit", "-a", address, ...words.split(" ")],
    ...["--constraint", "zone in (a,b)", "--request-id", "r1", "--", "echo", "--cpu", "x"],
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "main-1\n" });
  expect(requests).toMatchObject([
    {
      namespace: "lab",
      requestId: "r1",
      spec: {
        argv: ["echo", "--cpu", "x"],
        environment: { A: "b" },
        timeoutMs: 60_000,
        exclusive: true,
        resources: { cpuMillis: 500, memoryBytes: 1_073_741_824, counts: { gpu: 1 } },
        retry: { maxRetries: 2, finalExitCodes: [3, 4] },
        constraints: [{ key: "zone", operator: "OPERATOR_IN", values: ["a", "b"] }],
      },
    },
  ]);
});

test("a batch from standard input; a refused line is named by its number", async () => {
  const { address } = await serve({
    tasks: {
      SubmitBatch: ({ request }, answer) => {
        expect(request.specs?.[1]?.timeoutMs).toBe(30_000);
        answer(null, {
          batchId: "b1",
          taskIds: ["main-1", ""],
          errors: [{ index: 1, field: "name", message: "is taken" }],
        });
      },
    },
  });
  const child = start("submit", "-a", address, "--allow-partial", "--batch", "-");
  const { exitCode, stdout, stderr } = await ended(child, '{"argv":["a"]}\n\n{"argv":["b"],"timeoutMs":"30s"}\n');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "b1\n" });
  expect(stderr).toContain("line 3 was refused: name: is taken");
});

/** Two attempts: the first is lost after a line, the second ends with code 7. */
const retriedTask: Script = {
  tasks: {
    Submit: (_, answer) => answer(null, { taskId: "main-1" }),
    Watch: (call) => {
      const first = { number: 1, nodeId: "n1", startedAtMs: 1 };
      const lost = { ...first, state: "ATTEMPT_STATE_LOST" as const, reason: "n1 was lost" };
      const second = { number: 2, nodeId: "n2", startedAtMs: 2 };
      const task = { id: "main-1", state: "TASK_STATE_RUNNING" as const };
      call.write({ tasks: [{ ...task, attempts: [first] }], caughtUp: true });
      call.write({ tasks: [{ ...task, attempts: [lost, second] }] });
      const failed = { ...second, state: "ATTEMPT_STATE_FAILED" as const, exitCode: 7 };
      call.write({ tasks: [{ ...task, state: "TASK_STATE_FAILED", reason: "exit code 7", attempts: [lost, failed] }] });
      call.end();
    },
    Logs: (call) => {
      const { attempt = 0 } = call.request;
      call.write({ data: Buffer.from(`out ${attempt}\n`), stream: "STREAM_STDOUT", attempt, writtenAtMs: attempt });
      call.write({ data: Buffer.from(`err ${attempt}\n`), stream: "STREAM_STDERR", attempt, writtenAtMs: attempt });
      call.end();
    },
  },
};

test("run keeps the streams apart, announces a new attempt, and ends with the task's code", async () => {
  const { address } = await serve(retriedTask);
  const { exitCode, stdout, stderr } = await holdfast("run", "-a", address, "--", "x");
  expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: "out 1\nout 2\n" });
  expect(stderr).toContain("err 1\n");
  expect(stderr).toContain("err 2\n");
  expect(stderr).toContain("holdfast: attempt 2 on n2, since attempt 1 on n1 ended as lost (n1 was lost)\n");
  expect(stderr).toContain("holdfast: task main-1 failed: exit code 7\n");
});

test("run as JSON is one object a line, the last with the exit code", async () => {
  const { address } = await serve(retriedTask);
  const { exitCode, stdout } = await holdfast("run", "-a", address, "-o", "json", "--", "x");
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(exitCode).toBe(7);
  expect(lines[0]).toEqual({ type: "submitted", taskId: "main-1" });
  expect(lines).toContainEqual(
    expect.objectContaining({ type: "output", stream: "stderr", attempt: 2, text: "err 2\n" }),
  );
  expect(lines.at(-1)).toMatchObject({ type: "ended", state: "TASK_STATE_FAILED", exitCode: 7 });
});

test("Ctrl-C cancels the task of a run, which ends with 130", async () => {
  const reasons: (string | undefined)[] = [];
  let tell: (state: "TASK_STATE_CANCELLED") => void = () => {};
  const { address } = await serve({
    tasks: {
      Submit: (_, answer) => answer(null, { taskId: "main-1" }),
      Watch: (call) => {
        call.write({ tasks: [{ id: "main-1", state: "TASK_STATE_RUNNING" }], caughtUp: true });
        tell = (state) => void call.write({ tasks: [{ id: "main-1", state }] });
        child.kill("SIGINT");
      },
      Cancel: ({ request }, answer) => {
        reasons.push(request.reason);
        answer(null, { affected: 1 });
        tell("TASK_STATE_CANCELLED");
      },
    },
  });
  const child = start("run", "-a", address, "--", "sleep", "100");
  expect((await ended(child)).exitCode).toBe(130);
  expect(reasons).toEqual(["interrupted by its submitter"]);
});

test("a node is confirmed dead only when its name is given twice, and somebody says how that is known", async () => {
  const requests: unknown[] = [];
  const { address } = await serve({
    nodes: {
      ConfirmDead: ({ request }, answer) => {
        requests.push(request);
        answer(null, { revision: "4" });
      },
    },
  });
  const confirmDead = (...words: string[]) => holdfast("node", "confirm-dead", "-a", address, ...words);
  const reason = ["--reason", "its plug is pulled"];
  expect(await confirmDead("n1", "--confirm", "n1")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("required option '--reason <text>' not specified"),
  });
  expect(await confirmDead("n1", ...reason, "--confirm", "n2")).toMatchObject({
    exitCode: 2,
    stderr: 'holdfast: "n2" is not n1: nothing was done\n',
  });
  expect(await confirmDead("n1", ...reason), "no terminal to ask on").toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/If its machine is not off, it runs twice\.\n.*repeat the name with --confirm n1/),
  });
  expect(requests).toEqual([]);
  expect(await confirmDead("n1", ...reason, "--confirm", "n1")).toMatchObject({
    exitCode: 0,
    stdout: "n1 confirmed dead; what ran there goes on elsewhere\n",
  });
  expect(requests).toMatchObject([{ nodeId: "n1", confirmNodeId: "n1", reason: "its plug is pulled" }]);
});

test("wait is 0 only if all succeeded", async () => {
  const { address } = await serve({
    tasks: {
      Watch: (call) => {
        const state = call.request.taskId === "good" ? "TASK_STATE_SUCCEEDED" : "TASK_STATE_FAILED";
        call.write({ tasks: [{ id: call.request.taskId ?? "", state }], caughtUp: true });
      },
    },
  });
  expect((await holdfast("wait", "-a", address, "good")).exitCode).toBe(0);
  expect((await holdfast("wait", "-a", address, "good", "bad")).exitCode).toBe(1);
});

test("wait leaves with 6 when its time is over", async () => {
  const { address } = await serve({
    tasks: { Watch: (call) => void call.write({ tasks: [{ id: "t", state: "TASK_STATE_RUNNING" }], caughtUp: true }) },
  });
  expect(await holdfast("wait", "-a", address, "t", "--timeout", "200ms")).toMatchObject({ exitCode: 6, stdout: "" });
});

test("a reader that goes away is no error", async () => {
  const tasks = Array.from({ length: 1_000 }, (_, index) => ({ id: `main-${index}`, reason: "x".repeat(500) }));
  const { address } = await serve({ tasks: { List: (_, answer) => answer(null, { tasks }) } });
  const child = start("ps", "-a", address, "--limit", "0");
  child.stdout.once("data", () => child.stdout.destroy());
  expect(await ended(child)).toMatchObject({ stderr: "" });
});

test.each(["bash", "zsh", "fish"])("completion for %s knows commands and flags", async (shell) => {
  const { exitCode, stdout } = await holdfast("completion", shell);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("drain");
  expect(stdout).toMatch(shell === "fish" ? /-l queue-timeout/ : /--queue-timeout/);
});
