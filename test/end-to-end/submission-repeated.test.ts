/** A submission is repeated, also through another coordinator, while nobody knows yet whether the first one was written. */
import { expect } from "vitest";
import { scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { until } from "../harness/waiting.ts";

/** Longer than by default, so that the leader is still the same when the hanging commit is answered. */
const patientLeader = { leaseTtlMs: 20_000, stepDownMs: 15_000 };
const requestId = "once-please";

scenario(
  "a submission repeated during its first commit is one task",
  { coordinators: 2, agents: 1, coordinatorSettings: patientLeader },
  async (scene) => {
    const { cluster, traces } = scene;
    const leader = await scene.leader();
    const [standby] = await scene.standbys();
    if (standby === undefined) throw new Error("expected a standby");
    const [atLeader, atStandby] = [scene.connectionTo(leader.member), scene.connectionTo(standby)];
    const clientOfLeader = scene.clientOf([leader.member]);
    const spec = traces.running();
    const hangingCommits = () => scene.logOf(leader.member).split("a commit was not answered").length - 1;

    cluster.redis?.pause();
    const first = scene.submitOnce(atLeader, requestId, spec);
    await until("a commit that hangs", () => hangingCommits() > 0);
    const repeats = [atLeader, atStandby].map((connection) => scene.submitOnce(connection, requestId, spec));
    await until("the commit hanging still", () => hangingCommits() > 1);
    cluster.redis?.resume();

    const taskIds = await Promise.all([first, ...repeats]);
    expect(new Set(taskIds).size, `all callers should have got the same task: ${taskIds.join(", ")}`).toBe(1);
    expect((await scene.leader()).epoch, "the leader should have stayed").toBe(leader.epoch);
    const [taskId = ""] = taskIds;
    // A standby may still be reading along after the outage.
    const [ended] = await scene.ends([taskId], clientOfLeader);
    expect(ended?.state).toBe("TASK_STATE_SUCCEEDED");
    expect(completions(traces, [taskId])).toEqual([1]);
    expect(traces.taskIds, "there should be one task, and one only").toEqual([taskId]);
    expect((await clientOfLeader.tasks.list({})).tasks).toHaveLength(1);
    const other = scene.submitOnce(atStandby, requestId, traces.running("true"));
    await expect(other, "another body under the same id").rejects.toMatchObject({ code: "alreadyExists" });
  },
);
