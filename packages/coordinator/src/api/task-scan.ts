/**
 * Finds tasks in bounded steps: a filter that matches nothing must not stop the coordinator while it looks through a
 * million tasks. What one step leaves over, the next page goes on with.
 */
import type { TaskSelection } from "../core/event.ts";
import type { TaskRecord } from "../core/record.ts";
import { isEnded } from "../core/record.ts";
import { matches } from "../core/tasks/selection.ts";
import type { CommittedView } from "./backend.ts";
import { approximateBytes } from "./convert/task.ts";

/** An ended task has to be decoded, which costs as much as passing by some ten live ones. */
const endedCost = 10;
/** Some 5 ms of work. */
const defaultBudget = 20_000;
/** Below the message limit, with room for what is not counted. */
const defaultMaxBytes = 512 * 1024;

export interface ScanRequest {
  readonly namespace: string;
  readonly selection: TaskSelection;
  /** Begin behind this id, in the order of the scan; "" at the end. */
  readonly after: string;
  readonly newestFirst: boolean;
  readonly maxTasks: number;
}

export interface ScanLimits {
  readonly budget: number;
  readonly maxBytes: number;
}

export interface ScanStep {
  readonly tasks: readonly TaskRecord[];
  /** Where the next step begins; null: everything has been looked at. */
  readonly next: string | null;
}

const defaultLimits: ScanLimits = { budget: defaultBudget, maxBytes: defaultMaxBytes };

export function scanTasks(view: CommittedView, request: ScanRequest, limits: ScanLimits = defaultLimits): ScanStep {
  const { namespace, selection, maxTasks } = request;
  const wantsEnded = selection.states === undefined || selection.states.some(isEnded);
  const tasks: TaskRecord[] = [];
  let spent = 0;
  let bytes = 0;
  let last = request.after;
  for (const id of candidates(view, request)) {
    // One step always gets on, however small its limits.
    if (tasks.length >= maxTasks || spent >= limits.budget || bytes >= limits.maxBytes) return { tasks, next: last };
    last = id;
    let task = view.liveTask(id);
    spent += 1;
    if (task === undefined && wantsEnded) {
      task = view.endedTask(id);
      spent += endedCost;
    }
    if (task === undefined || task.namespace !== namespace || !matches(task, selection)) continue;
    tasks.push(task);
    bytes += approximateBytes(task);
  }
  return { tasks, next: null };
}

function candidates(view: CommittedView, { selection, after, newestFirst, namespace }: ScanRequest): Iterable<string> {
  if (selection.batchId === undefined) return view.taskIds(after, newestFirst);
  const batch = view.batch(selection.batchId);
  if (batch === undefined || batch.namespace !== namespace) return [];
  const ids = [...batch.taskIds].sort();
  if (newestFirst) ids.reverse();
  if (after === "") return ids;
  return ids.filter((id) => (newestFirst ? id < after : id > after));
}
