/**
 * A coordinator as `holdfast coordinator` runs it, that also measures the delay of its own event loop for the benchmark
 * that started it. It ends with that benchmark.
 *
 *   fork("coordinator-process.ts", [JSON of flags for the coordinator's configuration])
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { runCoordinator } from "@holdfast/coordinator/daemon.ts";
import { loadCoordinatorConfig } from "@holdfast/shared/config/coordinator-config.ts";
import { createLog } from "@holdfast/shared/log.ts";
import type { FromServer, ToServer } from "./cluster/server-messages.ts";
import { delayResolutionMs } from "./cluster/server-messages.ts";

const delays = monitorEventLoopDelay({ resolution: delayResolutionMs });
delays.enable();

const config = loadCoordinatorConfig({ flags: JSON.parse(process.argv[2] ?? "{}"), env: {} });
const log = createLog({ name: config.id, level: config.logLevel });
const daemon = await runCoordinator(config, log);

function say(message: FromServer): void {
  process.send?.(message);
}

process.on("message", (message: ToServer) => {
  if (message.kind === "loopDelay") say({ kind: "loopDelay", p99Ms: delays.percentile(99) / 1e6 - delayResolutionMs });
  delays.reset();
});
process.on("disconnect", () => process.exit());
process.once("SIGTERM", async () => {
  await daemon.stop();
  process.exit();
});
say({ kind: "listening" });
await daemon.closed;
