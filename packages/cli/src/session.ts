/** What a command that talks to the cluster works with. */
import { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import { resolveClientSettings } from "@holdfast/shared/client/settings.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { Command } from "commander";
import type { ConnectionFlags } from "./connection-options.ts";
import { Screen } from "./screen.ts";
import { UsageError } from "./usage-error.ts";

export interface Session {
  readonly client: HoldfastClient;
  readonly screen: Screen;
  readonly namespace: string;
}

/** Runs the action and closes the connections. What it returns is the exit code, 0 when it returns nothing. */
export async function inSession(
  command: Command,
  action: (session: Session) => Promise<number> | Promise<void>,
): Promise<void> {
  const flags = command.optsWithGlobals<ConnectionFlags>();
  const session = openSession(flags);
  try {
    const exitCode = await action(session);
    process.exitCode = typeof exitCode === "number" ? exitCode : 0;
  } finally {
    session.client.close();
  }
}

function openSession(flags: ConnectionFlags): Session {
  const namespace = flags.namespace ?? process.env["HOLDFAST_NAMESPACE"] ?? "default";
  const { addresses, tls } = settings(flags);
  const client = new HoldfastClient({ addresses, tls, namespace, deadlineMs: flags.callDeadline });
  return { client, namespace, screen: new Screen(flags.output === "json") };
}

/** What is wrong with settings is the command line's fault, not the cluster's. */
function settings(flags: ConnectionFlags) {
  try {
    const { caFile, certificateFile, keyFile } = flags;
    const tls = {
      ...(caFile === undefined ? {} : { caFile }),
      ...(certificateFile === undefined ? {} : { certificateFile }),
      ...(keyFile === undefined ? {} : { keyFile }),
    };
    return resolveClientSettings({
      addresses: flags.address,
      tls,
      environment: process.env,
      folder: process.cwd(),
    });
  } catch (error) {
    if (error instanceof HoldfastError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
