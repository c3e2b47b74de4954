/**
 * `holdfast coordinator` and `holdfast agent`: the daemons in the foreground, as a service manager wants them; and what the
 * agent's program can do besides.
 */
import { join } from "node:path";
import type { Command } from "commander";
import { complete, completeWhenCalled } from "../lazy-command.ts";
import { pair } from "../parse/flag.ts";
import { agentProgram, become, coordinatorProgram } from "./become.ts";
import { loaded, type SettingsFlags } from "./loaded.ts";

interface DaemonFlags extends SettingsFlags {
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

  const agent = addDaemon(program, "agent", "HOLDFAST_AGENT_")
    .description("run a node's agent from its configuration file")
    .action(async (flags: DaemonFlags) => {
      const { loadAgentConfig } = await import("@holdfast/shared/config/agent-config.ts");
      const config = loaded(loadAgentConfig, flags);
      if (flags.check === true) return tellValid(config.nodeId);
      become(agentProgram, config, join(config.dataDir, "compile-cache"));
    });
  // The agent's own parts are loaded for this one only.
  completeWhenCalled(
    agent.command("scan").description("check this machine once, without any cluster"),
    () => import("./scan.ts"),
  );
  agent.hook("preSubcommand", (_, command) => complete(command));
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

function tellValid(name: string): void {
  process.stdout.write(`the settings of ${name} are valid\n`);
}
