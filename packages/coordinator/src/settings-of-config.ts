/** The part of a coordinator's config that its core goes by. */
import { type CoordinatorConfig, countedOverlapMs } from "@holdfast/shared/config/coordinator-config.ts";
import { defaultSettings, type Settings } from "./core/settings.ts";

export function settingsOf(config: CoordinatorConfig): Settings {
  const { cell, suspectAfterMs, lostAfterMs, nodeClasses, awayMaxMs, agingMs } = config;
  const { endedTasksKept, endedTasksKeptMs, eventsKept } = config;
  const { exclusiveLeaseMs, exclusiveReassignMs, exclusiveKillMs, leaseTtlMs, mergeWaitMs } = config;
  const nodes = { suspectAfterMs, lostAfterMs, nodeClasses, awayMaxMs };
  const kept = { endedTasksKept, endedTasksKeptMs, eventsKept };
  const redisOverlapMs = countedOverlapMs(config);
  const exclusive = { exclusiveLeaseMs, exclusiveReassignMs, exclusiveKillMs, leaseTtlMs, redisOverlapMs };
  return Object.freeze({ ...defaultSettings, cell, agingMs, ...nodes, ...kept, ...exclusive, mergeWaitMs });
}
