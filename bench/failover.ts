/**
 * How long a cluster is without what it lost. 20 rounds (--quick: 3) of each cause, p50 and max in ms.
 *
 * Leaders: three coordinators, three simulated agents with sessions to all of them, and a queue of more tasks than the
 * agents have room for, so that there is always something to order. From the cause until an agent has the new leader's
 * first start: `leaderCrashMs` from kill -9 of the leader, `leaderHangMs` from its SIGSTOP, `handOverMs` from the call of
 * StepDown. Between rounds the cluster is made whole again, and rests for longer than a coordinator that stepped down
 * holds off.
 *
 * Nodes: three coordinators and three real agents. Tasks run on all nodes and write down when they start (`stamp.c`). From
 * kill -9 of an agent, its supervisors and its tasks until the last of its tasks has started elsewhere, by what it wrote
 * itself: `nodeLossMs` with the defaults (lost after 3,000 ms), `nodeLossFastMs` with lostAfterMs 1,000 (suspect after 600,
 * a beat every 250).
 *
 * Moments in different processes are told by CLOCK_MONOTONIC, which they share.
 *
 *   npm run bench -- failover [--json] [--quick]
 */
import { measureLeaderLosses } from "./failover/leader-loss.ts";
import { measureNodeLoss } from "./failover/node-loss.ts";
import { runBenchmark } from "./measure/benchmark.ts";

const fast = { lostAfterMs: 1_000, suspectAfterMs: 600, beatIntervalMs: 250 };

await runBenchmark("failover", async (benchmark) => ({
  ...(await measureLeaderLosses(benchmark)),
  nodeLossMs: await measureNodeLoss("node lost", {}, benchmark),
  nodeLossFastMs: await measureNodeLoss("node lost, lostAfterMs 1,000", fast, benchmark),
}));
