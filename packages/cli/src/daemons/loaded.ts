/** Settings of a daemon, where mistakes in them are wrong usage of the command. */
import { ConfigError } from "@holdfast/shared/config/config-error.ts";
import type { ConfigSources } from "@holdfast/shared/config/load-config.ts";
import { UsageError } from "../usage-error.ts";

export interface SettingsFlags {
  readonly config?: string;
  readonly set: Readonly<Record<string, string>>;
}

/** @throws UsageError that names every mistake */
export function loaded<Config>(load: (sources: ConfigSources) => Config, { config, set }: SettingsFlags): Config {
  try {
    return load({ file: config, flags: set, env: process.env });
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
