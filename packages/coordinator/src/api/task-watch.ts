/**
 * Watch: the present state of what is selected, and then every change of it.
 *
 * The present state is read in steps, each at a later revision than the one before; the changes that follow begin at the
 * first step's revision. `SnapshotSteps` knows which of them a client has seen already, so that no task goes back in time.
 */
import type { TaskServiceHandlers } from "@holdfast/shared/contract/generated/holdfast/v1/TaskService.ts";
import type { WatchTasksRequest__Output } from "@holdfast/shared/contract/generated/holdfast/v1/WatchTasksRequest.ts";
import type { WatchTasksResponse } from "@holdfast/shared/contract/generated/holdfast/v1/WatchTasksResponse.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { TaskSelection } from "../core/event.ts";
import { isEnded, type TaskRecord } from "../core/record.ts";
import { matches } from "../core/tasks/selection.ts";
import type { Backend, CommittedView } from "./backend.ts";
import type { Call } from "./call.ts";
import type { Change } from "./change-feed.ts";
import { approximateBytes, taskMessage } from "./convert/task.ts";
import type { StreamMethods } from "./methods.ts";
import { findTask } from "./reads.ts";
import { checkRevision, formatRevision, parseRevision, type Revision } from "./revision.ts";
import { scanTasks } from "./task-scan.ts";
import { checkTaskFilter } from "./validate/filter.ts";
import { checkId, checkNamespace } from "./validate/identity.ts";

const maxTasksInStep = 256;
const maxMessageBytes = 256 * 1024;

export function watchTasks(backend: Backend): StreamMethods<TaskServiceHandlers>["Watch"] {
  return (request, call) => new TaskWatch(backend, request).run(call);
}

class TaskWatch {
  readonly #backend: Backend;
  readonly #namespace: string;
  readonly #taskId: string | null;
  readonly #selection: TaskSelection;
  readonly #from: Revision | null;
  readonly #untilEnded: boolean;
  /** Seen, and not ended when last seen: their changes are told even when they no longer match the filter's states. */
  readonly #unended = new Set<string>();

  constructor(backend: Backend, request: WatchTasksRequest__Output) {
    this.#backend = backend;
    this.#namespace = checkNamespace(request.namespace);
    this.#taskId = request.target === "taskId" ? checkId("task_id", request.taskId) : null;
    this.#selection = checkTaskFilter(request.filter);
    this.#from = request.fromRevision ? checkRevision("from_revision", request.fromRevision) : null;
    this.#untilEnded = request.untilEnded ?? false;
  }

  async *run({ signal }: Call): AsyncGenerator<WatchTasksResponse, void, undefined> {
    const { changes } = this.#backend;
    const steps = new SnapshotSteps();
    for await (const tasks of this.#snapshot(steps)) {
      if (this.#from === null) yield* messages(tasks, "");
    }
    const { first, last } = steps;
    const start = this.#from ?? first;
    const isNew = (task: TaskRecord, sequence: number) => this.#from !== null || !steps.contains(task.id, sequence);
    try {
      if (start.lineage !== last.lineage || start.sequence < last.sequence) {
        for await (const change of changes.after(start, null, signal)) {
          const tasks = this.#selected(change).filter((task) => isNew(task, change.sequence));
          yield* messages(tasks, formatRevision({ ...start, sequence: change.sequence }));
          if (change.sequence >= last.sequence) break;
        }
      }
      yield { revision: formatRevision(last), caughtUp: true };
      if (this.#isOver()) return;
      for await (const change of changes.after(later(start, last), this.#taskId, signal)) {
        yield* messages(this.#selected(change), formatRevision({ ...last, sequence: change.sequence }));
        if (this.#isOver()) return;
      }
    } catch (error) {
      throw this.#from === null ? tooSlow(error, this.#backend, last) : error;
    }
  }

  #isOver(): boolean {
    return this.#untilEnded && this.#unended.size === 0;
  }

  /** The present state, step by step. Read also on a resumed watch, which has to know what has not ended yet. */
  async *#snapshot(steps: SnapshotSteps): AsyncGenerator<readonly TaskRecord[], void, undefined> {
    let after: string | null = "";
    while (after !== null) {
      const position: string = after;
      const step = await this.#backend.read((view) => ({ ...this.#step(view, position), revision: view.revision }));
      steps.add(step.next, step.revision);
      for (const task of step.tasks) this.#note(task);
      yield step.tasks;
      after = step.next;
    }
  }

  #step(view: CommittedView, after: string) {
    if (this.#taskId !== null) return { tasks: [findTask(view, this.#namespace, this.#taskId)], next: null };
    return scanTasks(view, {
      namespace: this.#namespace,
      selection: this.#selection,
      after,
      newestFirst: false,
      maxTasks: maxTasksInStep,
    });
  }

  #selected(change: Change): TaskRecord[] {
    const tasks: TaskRecord[] = [];
    for (const record of change.records) {
      if (record.kind !== "task" || record.value === null || !this.#selects(record.value)) continue;
      this.#note(record.value);
      tasks.push(record.value);
    }
    return tasks;
  }

  #selects(task: TaskRecord): boolean {
    if (this.#taskId !== null) return task.id === this.#taskId;
    if (task.namespace !== this.#namespace) return false;
    return this.#unended.has(task.id) || matches(task, this.#selection);
  }

  #note(task: TaskRecord): void {
    if (isEnded(task.state)) this.#unended.delete(task.id);
    else this.#unended.add(task.id);
  }
}

/** Which range of ids was read at which revision. */
class SnapshotSteps {
  readonly #steps: { readonly lastId: string | null; readonly revision: Revision }[] = [];

  add(lastId: string | null, revisionText: string): void {
    const revision = parseRevision(revisionText);
    if (revision === null) throw new Error(`the backend gave "${revisionText}" as a revision`);
    this.#steps.push({ lastId, revision });
  }

  get first(): Revision {
    return (this.#steps[0] as { revision: Revision }).revision;
  }

  get last(): Revision {
    return (this.#steps.at(-1) as { revision: Revision }).revision;
  }

  /** Whether what was read of this task contains the change at `sequence`. */
  contains(taskId: string, sequence: number): boolean {
    const step = this.#steps.find(({ lastId }) => lastId === null || taskId <= lastId);
    return step !== undefined && sequence <= step.revision.sequence;
  }
}

function later(one: Revision, other: Revision): Revision {
  return one.sequence > other.sequence ? one : other;
}

/** The revision stands on the last message only: a client that resumes from it must have seen all of its tasks. */
function* messages(tasks: readonly TaskRecord[], revision: string): Iterable<WatchTasksResponse> {
  let begin = 0;
  let bytes = 0;
  for (const [index, task] of tasks.entries()) {
    const size = approximateBytes(task);
    if (index > begin && (bytes + size > maxMessageBytes || index - begin >= maxTasksInStep)) {
      yield { tasks: tasks.slice(begin, index).map((told) => taskMessage(told, undefined)) };
      begin = index;
      bytes = 0;
    }
    bytes += size;
  }
  if (begin < tasks.length) yield { tasks: tasks.slice(begin).map((task) => taskMessage(task, undefined)), revision };
}

/** A watch that had begun well and cannot go on: its client did not read as fast as things change. */
function tooSlow(error: unknown, backend: Backend, began: Revision): unknown {
  const sameHistory = backend.changes.head?.lineage === began.lineage;
  if (!(error instanceof HoldfastError) || error.code !== "outOfRange" || !sameHistory) return error;
  return new HoldfastError("resourceExhausted", "the watch was read more slowly than things change; watch anew", {
    retryAfterMs: 1_000,
  });
}
