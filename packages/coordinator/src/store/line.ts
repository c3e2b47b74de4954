/** What storage has to know of a record's line (`core/record.ts`), without decoding its value. */
import { isEnded, type RecordKind, type TaskState } from "../core/record.ts";

export const recordKinds: readonly RecordKind[] = ["task", "body", "tail", "node", "batch", "event", "cluster"];

export interface Line {
  readonly kind: RecordKind;
  readonly id: string;
  /** null: delete. */
  readonly text: string | null;
}

const pattern = /^([+-])([a-z]+)\t([^\t\n]+)\t([^\n]*)$/;

/** @throws Error when the line is not a record. */
export function splitLine(line: string): Line {
  const [, operation, kind, id, text] = pattern.exec(line) ?? [];
  if (id === undefined || text === undefined || !recordKinds.includes(kind as RecordKind)) {
    throw new Error(`not a record: ${line.slice(0, 80)}`);
  }
  return { kind: kind as RecordKind, id, text: operation === "+" ? text : null };
}

export function putLine(kind: RecordKind, id: string, text: string): string {
  return `+${kind}\t${id}\t${text}`;
}

const stateKey = '"state":"';

/**
 * Whether a task, given as JSON text, has not ended.
 *
 * Loading asks this a million times, so the text is not parsed where it need not be: a quote inside a JSON string is
 * escaped, hence `"state":"` is always a key, and before the first inner brace it can only be the task's own.
 */
export function isLiveTask(json: string): boolean {
  const at = json.indexOf(stateKey);
  const inner = json.indexOf("{", 1);
  if (at < 0 || (inner >= 0 && inner < at)) {
    const task: { readonly state: TaskState } = JSON.parse(json);
    return !isEnded(task.state);
  }
  const start = at + stateKey.length;
  return !isEnded(json.slice(start, json.indexOf('"', start)) as TaskState);
}
