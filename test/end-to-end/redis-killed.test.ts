/** Redis dies under load and comes back: whatever was acknowledged is there and runs once, the rest was refused. */
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { expect } from "vitest";
import { type Scenario, scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { until } from "../harness/waiting.ts";

const submitters = 4;
const acknowledgedBefore = 20;
const acknowledgedAfter = 20;

scenario("no acknowledged submission is lost or run twice when Redis dies", { agents: 2 }, async (scene) => {
  const { cluster, traces, events } = scene;
  const old = await scene.leader();
  const load = new Load(scene);

  await until("submissions that were acknowledged", () => load.acknowledged.size >= acknowledgedBefore);
  await cluster.redis?.kill();
  await until("a submission that was refused", () => load.refusals > 0);
  await cluster.restartRedis();
  const before = load.acknowledged.size;
  await until("submissions that are acknowledged again", () => load.acknowledged.size >= before + acknowledgedAfter);
  await load.stop();

  expect(load.refusals, "at least one write should have been refused").toBeGreaterThan(0);
  const next = await scene.leader();
  expect(next.epoch, "the leader should have stepped down, so that the epoch rose").toBeGreaterThan(old.epoch);
  const ids = [...load.acknowledged.values()];
  expect(new Set(ids).size, "each request id should have a task of its own").toBe(ids.length);
  const ended = await scene.ends(ids);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(completions(traces, ids)).toEqual(ids.map(() => 1));
  expect(traces.runs(ids), "nothing should have been started a second time").toHaveLength(ids.length);
  expect(traces.taskIds, "every task that ran should have been acknowledged in the end").toEqual([...ids].sort());
  expect(events.of("node.lost"), "no node should be taken for lost because Redis was away").toEqual([]);
});

/** Submits one task after the other through all coordinators, each under the same request id until it is acknowledged. */
class Load {
  /** Task ids by request id. */
  readonly acknowledged = new Map<string, string>();
  refusals = 0;
  #stopped = false;
  readonly #done: Promise<unknown>;

  constructor(scene: Scenario) {
    this.#done = Promise.all(Array.from({ length: submitters }, (_, index) => this.#run(scene, index)));
    // Told by `stop`.
    this.#done.catch(() => {});
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  async #run(scene: Scenario, submitter: number): Promise<void> {
    const connections = scene.cluster.coordinators.map((member) => scene.connectionTo(member));
    for (let number = 0; !this.#stopped; number += 1) {
      const requestId = `submitter-${submitter}.${number}`;
      for (let turn = submitter; !this.acknowledged.has(requestId); turn += 1) {
        const connection = connections[turn % connections.length];
        if (connection === undefined) throw new Error("expected at least one coordinator");
        try {
          const taskId = await scene.submitOnce(connection, requestId, scene.traces.running());
          this.acknowledged.set(requestId, taskId);
          // The pace is the tasks' own, so that the machine is not flooded with processes.
          await scene.traces.eachHas("a run of the task", [taskId]);
        } catch (error) {
          if (!(error instanceof HoldfastError) || error.code !== "unavailable") throw error;
          this.refusals += 1;
          await until("any coordinator that answers", () => connection.connected(1_000));
        }
      }
    }
  }
}
