/** The agent's process, as `holdfast agent` becomes it. */
import { fileURLToPath } from "node:url";
import type { AgentConfig } from "@holdfast/shared/config/agent-config.ts";
import { takeDaemonConfig } from "@holdfast/shared/daemon-config.ts";
import { createLog } from "@holdfast/shared/log.ts";
import { runUntilSignal } from "@holdfast/shared/run-until-signal.ts";
import { startWarm } from "@holdfast/shared/warm-start.ts";
import { runAgent } from "./daemon.ts";

startWarm(fileURLToPath(import.meta.url));
const config = takeDaemonConfig<AgentConfig>();
const log = createLog({ name: config.nodeId, level: config.logLevel });
await runUntilSignal(() => runAgent(config, log), log);
