import type { AgentMessage } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import { expect, test } from "vitest";
import type { AttemptReport } from "../core/attempt.ts";
import { Outbox } from "./outbox.ts";

class Sink {
  readonly written: string[] = [];
  open = true;

  write(message: AgentMessage): boolean {
    const { hello, reports, beat, metrics, output, farewell } = message;
    if (hello) this.written.push(`hello ${(hello.attempts ?? []).map(({ taskId, state }) => `${taskId} ${state}`)}`);
    if (reports)
      this.written.push(`reports ${(reports.reports ?? []).map(({ taskId, state }) => `${taskId} ${state}`)}`);
    if (beat) this.written.push(`beat ${beat.sequence}`);
    if (metrics) this.written.push(`metrics ${metrics.measuredAtMs}`);
    if (output) this.written.push("output");
    if (farewell) this.written.push("farewell");
    return this.open;
  }
}

const ended = {
  state: "succeeded",
  reason: "",
  startedAtMs: 1,
  endedAtMs: 2,
  exitCode: 0,
  signal: "",
  usage: null,
} as const;

function report(taskId: string, state: "running" | "succeeded"): AttemptReport {
  return { taskId, attempt: 1, state, reason: "", startedAtMs: 1, end: state === "running" ? null : ended };
}

function outboxOn(sink: Sink, tail = Buffer.alloc(0)): Outbox {
  return new Outbox(sink, { nodeId: "node-1" }, () => tail);
}

test("nothing goes before the Hello, and beats not before the Welcome", () => {
  const sink = new Sink();
  const outbox = outboxOn(sink);
  outbox.put({ kind: "beat", sequence: 1 });
  outbox.put({ kind: "reports", reports: [report("t1", "running")] });
  expect(sink.written).toEqual([]);
  outbox.put({ kind: "hello", highestEpoch: 0, answersInquiry: 0, lastBeat: 0, attempts: [report("t1", "running")] });
  outbox.put({ kind: "reports", reports: [report("t1", "succeeded")] });
  outbox.put({ kind: "beat", sequence: 2 });
  outbox.welcome();
  expect(sink.written).toEqual(["hello t1 ATTEMPT_STATE_RUNNING", "reports t1 ATTEMPT_STATE_SUCCEEDED", "beat 2"]);
});

test("behind a full sink only the latest of each kind waits, and what matters most goes first", async () => {
  const sink = new Sink();
  const outbox = outboxOn(sink);
  outbox.put({ kind: "hello", highestEpoch: 0, answersInquiry: 0, lastBeat: 0, attempts: [] });
  outbox.welcome();
  sink.open = false;
  outbox.put({ kind: "beat", sequence: 1 });
  for (let n = 2; n < 1_000; n++) {
    outbox.put({ kind: "beat", sequence: n });
    outbox.putMetrics({ measuredAtMs: n });
    outbox.put({ kind: "reports", reports: [report("t1", n < 999 ? "running" : "succeeded")] });
  }
  let idle = false;
  const becameIdle = outbox.idle().then(() => {
    idle = true;
  });
  await Promise.resolve();
  expect(idle).toBe(false);
  expect(sink.written.slice(1)).toEqual(["beat 1"]);
  sink.open = true;
  outbox.drained();
  await becameIdle;
  expect(sink.written.slice(2)).toEqual(["reports t1 ATTEMPT_STATE_SUCCEEDED", "beat 999", "metrics 999"]);
});

test("a Hello names every attempt, and what does not fit follows in messages that do", () => {
  const sink = new Sink();
  const outbox = outboxOn(sink, Buffer.alloc(16 * 1024));
  const attempts = Array.from({ length: 100 }, (_, n) => report(`t${n}`, "succeeded"));
  outbox.put({ kind: "hello", highestEpoch: 0, answersInquiry: 0, lastBeat: 0, attempts });
  const [hello = "", ...rest] = sink.written;
  expect(hello.match(/t\d+ /g)).toHaveLength(100);
  const inFull = sink.written.join().match(/SUCCEEDED/g);
  expect(inFull).toHaveLength(100);
  expect(rest.length).toBeGreaterThanOrEqual(2);
});

test("who waits to write output takes turns, and is let go when the stream ends", async () => {
  const sink = new Sink();
  const outbox = outboxOn(sink);
  outbox.put({ kind: "hello", highestEpoch: 0, answersInquiry: 0, lastBeat: 0, attempts: [] });
  sink.open = false;
  outbox.writeOutput({ output: {} });
  let passed = 0;
  const waiting = [1, 2].map(async () => {
    await outbox.idle();
    passed += 1;
    outbox.writeOutput({ output: {} });
  });
  outbox.drained();
  await Promise.resolve();
  await Promise.resolve();
  expect(passed).toBe(1);
  outbox.abandon();
  await Promise.all(waiting);
});
