/**
 * A fault of Redis from its beginning to after its healing, with work under way, and what must hold in each: tasks run on,
 * clients are told plainly and may come back with the same request id, nothing acknowledged is lost or done twice, and the
 * cluster recovers by itself.
 */
import type { Connection } from "@holdfast/shared/client/connection.ts";
import type { TaskSpec } from "@holdfast/shared/client/messages.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { expect } from "vitest";
import { alive, identityOf } from "../harness/processes.ts";
import type { Scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { eventually, until } from "../harness/waiting.ts";

export interface Fault {
  /** Names its tasks and tells it apart in messages: "hung", "read-only". */
  readonly name: string;
  readonly begin: () => void | Promise<void>;
  /** What is looked at while it lasts, after a submission was refused. */
  readonly meanwhile?: () => Promise<void>;
  readonly heal: () => void | Promise<void>;
  /** From the healing to the first submission that is acknowledged. */
  readonly recoveredWithinMs: number;
  /** What a submission is told while it lasts. Default: "unavailable". */
  readonly refusedAs?: "unavailable" | "resourceExhausted";
}

/** Ends within the fault, on its own. */
const shortTask = "sleep 1";

/** @returns all tasks that were acknowledged; each has ended once */
export async function survive(scene: Scenario, fault: Fault): Promise<string[]> {
  const { cluster, traces, events } = scene;
  const connections = cluster.coordinators.map((member) => scene.connectionTo(member));
  const before = await scene.submitMany(3, traces.running(shortTask));
  const processes = (await traces.eachHas("a run of each task", before)).map(({ pid }) => identityOf(pid));
  await fault.begin();
  expect(alive(processes).length, `${fault.name}: tasks should run on`).toBeGreaterThan(0);
  const requestId = `during-${fault.name}`;
  const refusal = await refused(scene, connections, requestId);
  expect(refusal, `${fault.name}: what a submission is told`).toMatchObject({
    code: fault.refusedAs ?? "unavailable",
    retryAfterMs: expect.any(Number),
  });
  await traces.eachHas(`${fault.name}: an end of each task`, before, ({ endedAtNs }) => endedAtNs !== null);
  await fault.meanwhile?.();
  const healedAtMs = performance.now();
  await fault.heal();
  const late = await accepted(scene, requestId);
  const recoveredMs = Math.round(performance.now() - healedAtMs);
  console.info(`${fault.name}: submissions are taken ${recoveredMs} ms after it was healed`);
  expect(recoveredMs, `${fault.name}: time to recover`).toBeLessThan(fault.recoveredWithinMs);

  const ids = [...before, late];
  const ended = await scene.ends(ids);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(completions(traces, ids), `${fault.name}: nothing should have been done twice`).toEqual(ids.map(() => 1));
  expect(traces.runs(ids), `${fault.name}: nothing should have been started twice`).toHaveLength(ids.length);
  expect(events.of("node.lost"), `${fault.name}: no node should be taken for lost`).toEqual([]);
  return ids;
}

/** Asks one coordinator after the other, always for the same, until one refuses. Some may still answer at first. */
async function refused(scene: Scenario, connections: readonly Connection[], requestId: string): Promise<HoldfastError> {
  let turn = 0;
  return await eventually("a submission that is refused", async () => {
    try {
      const connection = connections[turn++ % connections.length] as Connection;
      await scene.submitOnce(connection, `${requestId}-${turn}`, waiting);
      return undefined;
    } catch (error) {
      if (error instanceof HoldfastError) return error;
      throw error;
    }
  });
}

/** Waits longer than any test. */
export const waiting: TaskSpec = { argv: ["true"], notBeforeMs: Date.now() + 86_400_000 };

/** Repeats the submission under one request id until it is acknowledged, as a client does. @returns the task's id */
async function accepted({ client, traces }: Scenario, requestId: string): Promise<string> {
  return await eventually("a submission that is acknowledged", async () => {
    return (await client.tasks.submit({ requestId, spec: traces.running() })).taskId;
  });
}

/** Reads are answered by every coordinator while Redis is away, from what is committed, and say as of when that is. */
export async function expectReadsWithAge(scene: Scenario, taskId: string): Promise<void> {
  for (const member of scene.cluster.coordinators) {
    const only = scene.clientOf([member]);
    await until(`an answer of ${member.id} that tells its age`, async () => {
      const { task, read } = await only.tasks.get({ taskId });
      return task?.id === taskId && Date.now() - Number(read?.asOfMs) > 1_000;
    });
  }
}
