/** The agent's process, as `holdfast agent` becomes it. */
import type { AgentConfig } from "@holdfast/shared/config/agent-config.ts";
import { takeDaemonConfig } from "@holdfast/shared/daemon-config.ts";
import { createLog } from "@holdfast/shared/log.ts";
import { runUntilSignal } from "@holdfast/shared/run-until-signal.ts";
import { runAgent } from "./daemon.ts";

const config = takeDaemonConfig<AgentConfig>();
const log = createLog({ name: config.nodeId, level: config.logLevel });
await runUntilSignal(() => runAgent(config, log), log);
