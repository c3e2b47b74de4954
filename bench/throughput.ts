/**
 * How many tasks a second.
 */
import { runBenchmark } from "./measure/benchmark.ts";
import { measureAccepted } from "./throughput/accepted.ts";
import { measureSimulated } from "./throughput/simulated.ts";

await runBenchmark("throughput", async (benchmark) => ({
  ...(await measureAccepted(benchmark)),
  ...(await measureSimulated(benchmark)),
}));
