/** What the demo measured, for programs and for people. */
import type { Colours } from "../format/colours.ts";
import { properties } from "../format/table.ts";

export interface DemoResult {
  readonly tasks: number;
  /** By the cluster. */
  readonly succeeded: number;
  /** By what the tasks wrote: those that never came to their end, and those that did so more than once. */
  readonly lost: number;
  readonly ranTwiceToCompletion: number;
  readonly killedNode: string;
  /** Tasks that ran there when it was killed. */
  readonly tasksOnKilledNode: number;
  /** From the kill to the cluster's own event. */
  readonly nodeLossDetectedMs: number;
  /** From the kill to the first line that the task wrote on another node. */
  readonly tasksRunningElsewhereMs: { readonly p50: number; readonly max: number };
  readonly killedLeader: string;
  readonly newLeader: string;
  readonly unfinishedAtLeaderKill: number;
  /** From the kill to the election of the next, by its own event. */
  readonly leaderFailoverMs: number;
  /** From the submission to the end of the last task. */
  readonly durationMs: number;
}

export function isPerfect({ tasks, succeeded, lost, ranTwiceToCompletion }: DemoResult): boolean {
  return succeeded === tasks && lost === 0 && ranTwiceToCompletion === 0;
}

export function resultText(result: DemoResult, colours: Colours): string {
  const { tasksRunningElsewhereMs: elsewhere } = result;
  const good = (isGood: boolean, text: string): string => (isGood ? colours.green(text) : colours.red(text));
  const rows: [string, string][] = [
    ["tasks", String(result.tasks)],
    ["succeeded", good(result.succeeded === result.tasks, String(result.succeeded))],
    ["lost", good(result.lost === 0, String(result.lost))],
    ["ran twice to completion", good(result.ranTwiceToCompletion === 0, String(result.ranTwiceToCompletion))],
    [`loss of ${result.killedNode} noticed after`, milliseconds(result.nodeLossDetectedMs)],
    [
      `its ${result.tasksOnKilledNode} tasks ran elsewhere after`,
      `${milliseconds(elsewhere.p50)} (p50), ${milliseconds(elsewhere.max)} (max)`,
    ],
    [`${result.newLeader} led after`, milliseconds(result.leaderFailoverMs)],
    ["all ended after", `${(result.durationMs / 1_000).toFixed(1)} s`],
  ];
  const verdict = isPerfect(result)
    ? colours.green("A node and the leader died; every task ran to its end, and none did so twice.")
    : colours.red("Not every task ran to its end exactly once.");
  return `${properties(rows, colours)}\n\n${verdict}`;
}

function milliseconds(amount: number): string {
  return `${Math.round(amount).toLocaleString("en")} ms`;
}
