/** All checks that this node's configuration asks for. */
import type { Clock } from "@holdfast/shared/clock.ts";
import type { AgentConfig } from "@holdfast/shared/config/agent-config.ts";
import type { CgroupLimits } from "../measure/cgroup-limits.ts";
import type { SensorChange } from "../measure/sensor-budget.ts";
import { Checker } from "./checker.ts";
import { clockCheck } from "./clock.ts";
import { customCheck } from "./custom/custom-check.ts";
import { diskChecks } from "./disks.ts";
import type { CheckGroup, Findings } from "./finding.ts";
import { kernelLogChecks } from "./kernel-log/kernel-log.ts";
import { memoryCheck } from "./memory.ts";
import { openFilesCheck } from "./open-files.ts";
import { pidsCheck } from "./pids.ts";
import { pressureChecks } from "./pressure.ts";
import { processChecks } from "./processes/process-checks.ts";
import { readOnlyDisksCheck } from "./read-only-disks.ts";

export interface NodeChecksOptions {
  readonly settings: AgentConfig["checks"];
  /** As found for the inventory. */
  readonly cgroup: CgroupLimits;
  readonly clock: Clock;
  readonly onSensorChange: (change: SensorChange) => void;
}

export function nodeChecks({ settings, cgroup, clock, onSensorChange }: NodeChecksOptions): Checker {
  const { thresholds, custom, disabled } = settings;
  const monotonicMs = () => clock.now().steadyMs;
  const builtIn: readonly CheckGroup[] = [
    kernelLogChecks(),
    processChecks(monotonicMs),
    openFilesCheck(thresholds.openFilesPercent),
    pidsCheck(thresholds.pidsPercent),
    memoryCheck(thresholds.memoryPercent, cgroup),
    pressureChecks(thresholds),
    diskChecks(thresholds, { monotonicMs, onChange: onSensorChange }),
    readOnlyDisksCheck(),
    clockCheck(() => clock.now()),
  ];
  const wanted = builtIn.flatMap((group) => without(group, new Set<string>(disabled)));
  return new Checker({
    groups: [...wanted, ...custom.map((check) => customCheck(check))],
    clock,
    random: Math.random,
    onSensorChange,
  });
}

/** The group less what is disabled; none when nothing of it is left, so that nothing is read for it. */
function without(group: CheckGroup, disabled: ReadonlySet<string>): CheckGroup[] {
  const names = group.names.filter((name) => !disabled.has(name));
  if (names.length === 0) return [];
  if (names.length === group.names.length) return [group];
  const look = async (): Promise<Findings> => {
    const findings = await group.look();
    return new Map([...findings].filter(([name]) => names.includes(name)));
  };
  return [{ ...group, names, look }];
}
