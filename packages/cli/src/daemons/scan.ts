/** `holdfast agent scan`: every check once on this machine, without any cluster. */
import { scanNode } from "@holdfast/agent/scan.ts";
import { loadAgentConfig } from "@holdfast/shared/config/agent-config.ts";
import { defaultCheckSettings } from "@holdfast/shared/config/check-settings.ts";
import type { Inventory__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Inventory.ts";
import type { Command } from "commander";
import { checkTable, healthOf } from "../format/check.ts";
import { formatBytes } from "../format/quantity.ts";
import { paintedState } from "../format/state.ts";
import { Screen } from "../screen.ts";
import { loaded } from "./loaded.ts";

interface ScanFlags {
  readonly config?: string;
  readonly json?: boolean;
}

/** As plug-ins of Nagios have it. */
const exitCodes: Readonly<Record<ReturnType<typeof healthOf>, number>> = {
  HEALTH_HEALTHY: 0,
  HEALTH_DEGRADED: 1,
  HEALTH_UNHEALTHY: 2,
  HEALTH_UNKNOWN: 3,
  HEALTH_UNSPECIFIED: 3,
};

const interruptedExitCode = 130;

const help = `
Checks disks, memory, processes, the kernel's log and more, as an agent does all the time, and your own checks of the
configuration; docs/monitoring.md tells what each looks at. Root sees most. What shows only over time (processes that are
stuck, disks that fill) may be unknown or unseen.

Exit codes: 0 healthy, 1 degraded, 2 unhealthy (or wrong usage or settings), 3 nothing could be checked; the worst check
counts, and what is unknown does not.

Examples:
  holdfast agent scan
  holdfast agent scan --config agent.yaml --json | jq '.checks[] | select(.health != "HEALTH_HEALTHY")'`;

export function define(command: Command): void {
  command
    .option("-c, --config <file>", "an agent's settings: its own checks, thresholds, and what is disabled")
    .option("--json", "one JSON document")
    .addHelpText("after", help)
    .action(async ({ config, json = false }: ScanFlags) => {
      const settings =
        config === undefined ? defaultCheckSettings : loaded(loadAgentConfig, { config, set: {} }).checks;
      const interrupted = new AbortController();
      const interrupt = () => interrupted.abort();
      process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
      const { inventory, checks, problems } = await scanNode(settings, interrupted.signal);
      if (interrupted.signal.aborted) {
        process.exitCode = interruptedExitCode;
        return;
      }
      const screen = new Screen(json);
      for (const problem of problems) screen.note(`the inventory is not complete: ${problem}`);
      const health = healthOf(checks);
      screen.show({ health, inventory, checks }, () =>
        [
          machine(inventory),
          checkTable(checks, Date.now(), screen.colours),
          `this machine is ${paintedState(health, screen.colours)}`,
        ].join("\n\n"),
      );
      process.exitCode = exitCodes[health];
    });
}

function machine(inventory: Inventory__Output): string {
  const { hostname, os, kernel, arch, cpuCores, cpuModel, memoryBytes = 0, swapBytes = 0, gpus = [] } = inventory;
  const swap = swapBytes > 0 ? `, ${formatBytes(swapBytes)} swap` : "";
  const processors = [`${cpuCores} ×`, cpuModel || "unknown processor"].join(" ");
  const devices = gpus.map(({ number, model }) => `, GPU ${number ?? 0}: ${model || "unknown"}`).join("");
  return `${hostname} (${os}, ${kernel}, ${arch})\n${processors}, ${formatBytes(memoryBytes)} memory${swap}${devices}`;
}
