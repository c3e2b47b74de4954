/** How the clusters of the simulation are set up: the defaults of production, with coarser ticks to make idle time cheap. */
import { type CoordinatorConfig, loadCoordinatorConfig } from "@holdfast/shared/config/coordinator-config.ts";

/** What differs from world to world; everything else is production's default. */
export type CoordinatorChoices = Partial<CoordinatorConfig>;

/** Production's defaults but for what the simulation needs coarser. */
export const defaultConfig = loadCoordinatorConfig({
  env: {},
  flags: { number: "0", redis: "redis://127.0.0.1:6379", dataDir: "/simulated", tickIntervalMs: "250" },
});

export function coordinatorConfig(number: number, address: string, choices: CoordinatorChoices): CoordinatorConfig {
  const id = `c${number}`;
  return Object.freeze({ ...defaultConfig, id, number, listen: address, advertise: address, ...choices });
}
