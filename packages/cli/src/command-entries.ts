/** All commands that are calls to a cluster, in the order of the help. */
import type { CommandModule } from "./lazy-command.ts";

export interface CommandEntry {
  readonly name: string;
  readonly group: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

const tasks = "Tasks:";
const nodes = "Nodes:";
const cluster = "Cluster:";
export const other = "Other:";

export const commandEntries: readonly CommandEntry[] = [
  {
    name: "run",
    group: tasks,
    summary: "submit a task and follow it; its exit code is this command's",
    load: () => import("./commands/run.ts"),
  },
  {
    name: "submit",
    group: tasks,
    summary: "submit a task, or a batch from a file",
    load: () => import("./commands/submit.ts"),
  },
  { name: "ps", group: tasks, summary: "list tasks", load: () => import("./commands/ps.ts") },
  { name: "show", group: tasks, summary: "show tasks in full", load: () => import("./commands/show.ts") },
  { name: "logs", group: tasks, summary: "print a task's output", load: () => import("./commands/logs.ts") },
  { name: "wait", group: tasks, summary: "wait until tasks have ended", load: () => import("./commands/wait.ts") },
  {
    name: "explain",
    group: tasks,
    summary: "say why a task waits, and what would help",
    load: () => import("./commands/explain.ts"),
  },
  { name: "cancel", group: tasks, summary: "cancel tasks", load: () => import("./commands/cancel.ts") },
  { name: "retry", group: tasks, summary: "submit ended tasks once more", load: () => import("./commands/retry.ts") },
  {
    name: "hold",
    group: tasks,
    summary: "keep waiting tasks from being placed",
    load: () => import("./commands/hold.ts"),
  },
  { name: "release", group: tasks, summary: "let held tasks be placed", load: () => import("./commands/release.ts") },
  { name: "nodes", group: nodes, summary: "list nodes", load: () => import("./commands/nodes.ts") },
  {
    name: "node",
    group: nodes,
    summary: "show, cordon, uncordon, drain or remove a node, or confirm it dead",
    load: () => import("./commands/node.ts"),
  },
  { name: "top", group: cluster, summary: "the cluster live in the terminal", load: () => import("./commands/top.ts") },
  { name: "status", group: cluster, summary: "the cluster at a glance", load: () => import("./commands/status.ts") },
  {
    name: "events",
    group: cluster,
    summary: "what happened in the cluster",
    load: () => import("./commands/events.ts"),
  },
  { name: "pause", group: cluster, summary: "place no more tasks", load: () => import("./commands/pause.ts") },
  {
    name: "resume",
    group: cluster,
    summary: "place tasks again, or end a freeze",
    load: () => import("./commands/resume.ts"),
  },
  {
    name: "step-down",
    group: cluster,
    summary: "let another coordinator lead",
    load: () => import("./commands/step-down.ts"),
  },
  { name: "version", group: other, summary: "print the version", load: () => import("./commands/version.ts") },
  {
    name: "completion",
    group: other,
    summary: "print a completion script for a shell",
    load: () => import("./commands/completion.ts"),
  },
];
