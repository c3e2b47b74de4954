/** The flags that select tasks, and the filter that they make. */
import type { TaskFilter, TaskState } from "@holdfast/shared/client/messages.ts";
import type { Command } from "commander";
import { pair } from "./parse/flag.ts";
import { stateWords, taskStates } from "./parse/states.ts";

export interface FilterFlags {
  readonly state?: TaskState[];
  readonly label?: Record<string, string>;
  readonly batch?: string;
  readonly node?: string;
  readonly name?: string;
}

export function addFilterOptions(command: Command): Command {
  return command
    .option("--state <states>", `${stateWords.join(", ")}; several with commas`, taskStates)
    .option("--label <key=value>", "with this label; repeatable, all must match", pair)
    .option("--batch <id>", "of this batch")
    .option("--node <id>", "placed on this node")
    .option("--name <name>", "with exactly this name");
}

export function filterFromFlags({ state, label, batch, node, name }: FilterFlags): TaskFilter {
  return {
    ...(state === undefined ? {} : { states: state }),
    ...(label === undefined ? {} : { labels: label }),
    ...(batch === undefined ? {} : { batchId: batch }),
    ...(node === undefined ? {} : { nodeId: node }),
    ...(name === undefined ? {} : { name }),
  };
}
