/**
 * How many tasks a second, each step on a real Redis with `appendfsync always` and one coordinator, by the wall clock.
 *
 * `acceptedPerS`: 50,000 tasks, one a call, 50 callers with a call under way each, all from one process over one
 * connection; durable when answered. No node is there, so nothing is placed. `acceptedInBatchesPerS`: 200,000 tasks, 500 a
 * call, six calls under way.
 *
 * `completedPerS`: 300,000 tasks, submitted in batches of 500, placed on 100 simulated agents (each on its own connection,
 * all in one process) that answer each start at once with the report of an end. From the first call until the agents have
 * been told that the last end is durable. `leaderCpuUsPerTask`: the leader's CPU time of all its threads meanwhile, from
 * /proc/PID/stat, by tasks.
 *
 * `realPerS`: 10,000 times /bin/true on four real agents, each under its supervisor, from the first submission until a
 * read finds the last success, 10 ms late at most. `bareSpawnPerS`: the same program and number in four shell loops of
 * `holdfast-supervisor run`.
 *
 * `bullmqNoopPerS`, `bullmqSpawnPerS`: 50,000 jobs that do nothing and 10,000 that spawn /bin/true (without a supervisor,
 * captured output or any record of their own), with BullMQ 6.7.0: added in bulks of 500, four workers in processes, 100 and
 * 4 jobs at a time in each.
 *
 * Each is warmed up. --quick divides the numbers by five to ten; --profile DIR writes the leader's CPU profile of
 * `completedPerS`.
 *
 *   npm run bench -- throughput [--json] [--quick] [--profile DIR]
 */
import { runBenchmark } from "./measure/benchmark.ts";
import { measureAccepted } from "./throughput/accepted.ts";
import { measureBullmq } from "./throughput/bullmq.ts";
import { measureReal } from "./throughput/real.ts";
import { measureSimulated } from "./throughput/simulated.ts";

await runBenchmark("throughput", async (benchmark) => ({
  ...(await measureAccepted(benchmark)),
  ...(await measureSimulated(benchmark)),
  ...(await measureReal(benchmark)),
  ...(await measureBullmq(benchmark)),
}));
