/**
 * The demo's tasks: shell scripts that sleep for some seconds, and write down themselves that they began and that they
 * came to their end, so that what became of them need not be believed from a coordinator.
 */
import type { TaskSpec } from "@holdfast/shared/client/messages.ts";

export interface Workload {
  readonly tasks: number;
  /** Of the shortest; the longest takes 1.6 times as long. */
  readonly taskTimeMs: number;
  /** Where the tasks write. */
  readonly traceFolder: string;
  /** They run on these only. */
  readonly nodeIds: readonly string[];
  readonly cpuMillis: number;
}

export interface DemoTask {
  /** Also of its trace's file. */
  readonly name: string;
  readonly runMs: number;
  readonly spec: TaskSpec;
}

/** The folder, the name and the seconds are its arguments. One `echo` is one write, and that of a short line is whole. */
const script = `
note() { echo "$1 $HOLDFAST_NODE_ID $HOLDFAST_ATTEMPT $$ $(date +%s%3N)" >>"$trace"; }
trace=$1/$2
note start
sleep "$3"
note end
`;

/** A shell and a sleep. */
const memoryBytes = 8 * 1024 * 1024;
const lengths = [1, 1.2, 1.4, 1.6] as const;

export function demoTasks({ tasks, taskTimeMs, traceFolder, nodeIds, cpuMillis }: Workload): DemoTask[] {
  const digits = String(tasks).length;
  return Array.from({ length: tasks }, (_, index) => {
    const name = `demo-${String(index + 1).padStart(digits, "0")}`;
    const runMs = Math.round(taskTimeMs * (lengths[index % lengths.length] as number));
    const spec: TaskSpec = {
      name,
      argv: ["sh", "-c", script, "demo", traceFolder, name, String(runMs / 1_000)],
      constraints: [{ key: "node.id", operator: "OPERATOR_IN", values: [...nodeIds] }],
      resources: { cpuMillis, memoryBytes },
    };
    return { name, runMs, spec };
  });
}
