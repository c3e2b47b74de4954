/** The flags that every command which talks to the cluster has. They may stand before the command's name, too. */
import { type Command, Option } from "commander";
import { duration, oneOf, words } from "./parse/flag.ts";

export interface ConnectionFlags {
  readonly address?: string[];
  readonly namespace?: string;
  readonly output?: "table" | "json";
  readonly callDeadline?: number;
  readonly caFile?: string;
  readonly certificateFile?: string;
  readonly keyFile?: string;
}

const outputs = ["table", "json"] as const;

export function addConnectionOptions(command: Command): Command {
  return command
    .optionsGroup("Connection and output:")
    .addOption(
      new Option("-o, --output <form>", "table for people (the default), json for programs").argParser(oneOf(outputs)),
    )
    .option("-a, --address <host:port>", "a coordinator; repeatable, or several with commas", words)
    .option("--namespace <name>", "namespace of tasks (default: HOLDFAST_NAMESPACE, else default)")
    .option("--call-deadline <duration>", "longest time for a call to be answered (default: 10s)", duration)
    .option("--ca-file <path>", "PEM file of the cluster's authority, for TLS")
    .option("--certificate-file <path>", "PEM file of this client's certificate")
    .option("--key-file <path>", "PEM file of this client's key");
}
