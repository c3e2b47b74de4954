/** `holdfast coordinator` and `holdfast agent`: the daemons in the foreground, as a service manager wants them. */
import { join } from "node:path";
import { ConfigError } from "@holdfast/shared/config/config-error.ts";
import type { ConfigSources } from "@holdfast/shared/config/load-config.ts";
import type { Command } from "commander";
import { pair } from "../parse/flag.ts";
import { UsageError } from "../usage-error.ts";
import { agentProgram, become, coordinatorProgram } from "./become.ts";

interface DaemonFlags {
  readonly config?: string;
  readonly set: Readonly<Record<string, string>>;
  readonly check?: boolean;
}

export function registerDaemons(program: Command): void {
  addDaemon(program, "coordinator", "HOLDFAST_COORDINATOR_")
    .description("run a coordinator from its configuration file")
    .action(async (flags: DaemonFlags) => {
      const { loadCoordinatorConfig } = await import("@holdfast/shared/config/coordinator-config.ts");
      const config = loaded(loadCoordinatorConfig, flags);
      if (flags.check === true) return tellValid(config.id);
      become(coordinatorProgram, config, join(config.dataDir, "compile-cache"));
    });

  addDaemon(program, "agent", "HOLDFAST_AGENT_")
    .description("run a node's agent from its configuration file")
    .action(async (flags: DaemonFlags) => {
      const { loadAgentConfig } = await import("@holdfast/shared/config/agent-config.ts");
      const config = loaded(loadAgentConfig, flags);
      if (flags.check === true) return tellValid(config.nodeId);
      become(agentProgram, config, join(config.dataDir, "compile-cache"));
    });
}

function addDaemon(program: Command, name: string, variables: string): Command {
  return program
    .command(name)
    .option("-c, --config <file>", "YAML file with its settings")
    .option("--set <path=value>", "override a setting, such as tls.caFile=ca.pem; repeatable", pair, {})
    .option("--check", "only look for mistakes in the settings")
    .addHelpText(
      "after",
      `
Settings come from the file, then from variables such as ${variables}LOG_LEVEL=debug, then from --set.
deploy/config/${name}.example.yaml shows all of them.

It writes one line of JSON for each thing worth telling to standard output, and stops on SIGTERM or SIGINT; a second
signal ends it at once.

Examples:
  holdfast ${name} --config ${name}.yaml
  holdfast ${name} --config ${name}.yaml --set logLevel=debug
  holdfast ${name} --config ${name}.yaml --check`,
    );
}

function loaded<Config>(load: (sources: ConfigSources) => Config, { config, set }: DaemonFlags): Config {
  try {
    return load({ file: config, flags: set, env: process.env });
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function tellValid(name: string): void {
  process.stdout.write(`the settings of ${name} are valid\n`);
}
