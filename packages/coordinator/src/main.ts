/** The coordinator's process, as `holdfast coordinator` becomes it. */
import { fileURLToPath } from "node:url";
import type { CoordinatorConfig } from "@holdfast/shared/config/coordinator-config.ts";
import { takeDaemonConfig } from "@holdfast/shared/daemon-config.ts";
import { createLog } from "@holdfast/shared/log.ts";
import { runUntilSignal } from "@holdfast/shared/run-until-signal.ts";
import { startWarm } from "@holdfast/shared/warm-start.ts";
import { runCoordinator } from "./daemon.ts";

startWarm(fileURLToPath(import.meta.url));
const config = takeDaemonConfig<CoordinatorConfig>();
const log = createLog({ name: config.id, level: config.logLevel });
await runUntilSignal(() => runCoordinator(config, log), log);
