/**
 * Everything that a storage server has ever written, as a tree: each batch names its predecessor, and where storage lost
 * writes a new branch begins. Built from the history alone; no code of the cluster's own state is used but the decoding
 * of records.
 */
import {
  type ClusterEventRecord,
  type DurableRecord,
  decodeRecord,
  type NodeRecord,
  type TaskRecord,
  textOfLine,
} from "@holdfast/coordinator/core/record.ts";
import type { Position } from "@holdfast/coordinator/store/store.ts";
import type { HistoryEvent } from "../history.ts";
import { entryOf } from "./entry-of.ts";

export interface CommittedEntry {
  /** Unique: lineage, epoch and sequence. */
  readonly key: string;
  readonly previousKey: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly coordinatorId: string;
  readonly atMs: number;
  readonly lines: readonly string[];
  readonly records: readonly DurableRecord[];
}

/** All records at one place of the log: texts by `kind\tid`, tasks and nodes decoded as well. */
export interface View {
  readonly texts: ReadonlyMap<string, string>;
  readonly tasks: ReadonlyMap<string, TaskRecord>;
  readonly nodes: ReadonlyMap<string, NodeRecord>;
}

export interface Changed<Value> {
  readonly id: string;
  readonly before: Value | undefined;
  readonly after: Value | null;
}

/** One commit on one server, and what it changed there. */
export interface CommittedChange {
  readonly atMs: number;
  readonly serverId: string;
  readonly entry: CommittedEntry;
  /** Where the server's log ended before: the batch's predecessor, if all is well. "" when it was empty or not known. */
  readonly endedAt: string;
  /** Another content that was written under the same position earlier; null: none. */
  readonly other: CommittedEntry | null;
  readonly tasks: readonly Changed<TaskRecord>[];
  readonly nodes: readonly Changed<NodeRecord>[];
  /** Entered into the cluster's own history. */
  readonly events: readonly ClusterEventRecord[];
  /** After the commit. Changes with the next one. */
  readonly view: View;
}

interface MutableView extends View {
  readonly texts: Map<string, string>;
  readonly tasks: Map<string, TaskRecord>;
  readonly nodes: Map<string, NodeRecord>;
}

interface Server {
  /** Where its log ends. */
  headKey: string;
  /** Where `view` stands. */
  viewKey: string;
  view: MutableView;
}

/** Views at every so many sequence numbers are kept for comparison, the newest of them. */
const snapshotEvery = 8;
const snapshotsKept = 128;

export class CommittedLog {
  readonly #entries = new Map<string, CommittedEntry>();
  readonly #servers = new Map<string, Server>();
  readonly #snapshots = new Map<string, View>();
  /** All entries that hold a record of the task, in the order in which they were written. */
  readonly #byTask = new Map<string, CommittedEntry[]>();
  /** Every value that a task's record has ever had. */
  readonly #taskValues = new Map<string, (TaskRecord | null)[]>();
  #primaryId = "";

  /** What a commit changed; null for other events. */
  observe(event: HistoryEvent): CommittedChange | null {
    switch (event.kind) {
      case "committed":
        return this.#commit(event);
      case "replicated":
        this.#server(event.serverId).headKey = keyAt(event.lineage, event.position);
        return null;
      case "storeLost":
        this.#server(event.serverId).headKey = event.position === null ? "" : keyAt(event.lineage, event.position);
        return null;
      case "primaryChanged":
        this.#primaryId = event.serverId;
        return null;
      default:
        return null;
    }
  }

  /** The server that coordinators reach now; "" when none has written yet. */
  get primaryId(): string {
    return this.#primaryId;
  }

  entry(key: string): CommittedEntry | undefined {
    return this.#entries.get(key);
  }

  entriesOfTask(taskId: string): readonly CommittedEntry[] {
    return this.#byTask.get(taskId) ?? [];
  }

  /** Of any branch, oldest first; null: deleted. */
  valuesOfTask(taskId: string): readonly (TaskRecord | null)[] {
    return this.#taskValues.get(taskId) ?? [];
  }

  /**
   * Ended tasks are deleted when they are old or too many. One that was deleted in one of two histories need not come back from
   * the other.
   */
  wasForgotten(taskId: string): boolean {
    return this.valuesOfTask(taskId).includes(null);
  }

  /** The records at a place, when it is one of those that are kept. */
  snapshot(key: string): View | undefined {
    return this.#snapshots.get(key);
  }

  /** Where the server's log ends; "" when it is empty or unknown. */
  headOf(serverId: string): string {
    return this.#servers.get(serverId)?.headKey ?? "";
  }

  /** All that ever were. */
  get serverIds(): Iterable<string> {
    return this.#servers.keys();
  }

  /** What the server holds now, or held last. */
  viewOf(serverId: string): View | undefined {
    const server = this.#servers.get(serverId);
    return server === undefined ? undefined : this.#viewOf(server);
  }

  /** Whether the log that ends at `head` contains `key`. */
  contains(head: string, key: string): boolean {
    const wanted = this.#entries.get(key);
    if (wanted === undefined) return false;
    for (let entry = this.#entries.get(head); entry !== undefined; entry = this.#entries.get(entry.previousKey)) {
      if (entry.key === key) return true;
      if (entry.sequence <= wanted.sequence) return false;
    }
    return false;
  }

  #commit({ atMs, serverId, coordinatorId, lineage, batch }: HistoryEvent<"committed">): CommittedChange {
    const { epoch, sequence, previous, lines } = batch;
    const key = keyAt(lineage, batch);
    const previousKey = keyAt(lineage, previous);
    const server = this.#server(serverId);
    const endedAt = server.headKey;
    server.headKey = previousKey;
    const view = this.#viewOf(server);
    const records = lines.map(decodeRecord);
    const entry = { key, previousKey, epoch, sequence, coordinatorId, atMs, lines, records };
    const known = this.#entries.get(key);
    this.#entries.set(key, entry);
    server.headKey = key;
    server.viewKey = key;
    if (this.#primaryId === "") this.#primaryId = serverId;
    const changes = applyEntry(view, entry);
    for (const { id, after } of changes.tasks) {
      entryOf(this.#taskValues, id, () => []).push(after);
      entryOf(this.#byTask, id, () => []).push(entry);
    }
    if (sequence % snapshotEvery === 0) this.#keepSnapshot(key, view);
    const other = known !== undefined && known.lines.join("\n") !== lines.join("\n") ? known : null;
    return { atMs, serverId, endedAt, other, entry, ...changes, view };
  }

  #server(serverId: string): Server {
    return entryOf(this.#servers, serverId, () => ({ headKey: "", viewKey: "", view: emptyView() }));
  }

  /** The view at the server's head: built only when somebody asks, since replicas move all the time. */
  #viewOf(server: Server): MutableView {
    if (server.viewKey !== server.headKey) {
      server.view = this.#viewAt(server.headKey);
      server.viewKey = server.headKey;
    }
    return server.view;
  }

  #viewAt(key: string): MutableView {
    const path: CommittedEntry[] = [];
    for (let entry = this.#entries.get(key); entry !== undefined; entry = this.#entries.get(entry.previousKey)) {
      path.push(entry);
    }
    const view = emptyView();
    for (const entry of path.reverse()) applyEntry(view, entry);
    return view;
  }

  #keepSnapshot(key: string, view: View): void {
    this.#snapshots.set(key, {
      texts: new Map(view.texts),
      tasks: new Map(view.tasks),
      nodes: new Map(view.nodes),
    });
    if (this.#snapshots.size <= snapshotsKept) return;
    const [oldest] = this.#snapshots.keys();
    if (oldest !== undefined) this.#snapshots.delete(oldest);
  }
}

/** Of a batch as well as of its predecessor. An empty log is "lineage/0.0" for all. */
export function keyAt(lineage: string, { epoch, sequence }: Position): string {
  return `${lineage}/${epoch}.${sequence}`;
}

function emptyView(): MutableView {
  return { texts: new Map(), tasks: new Map(), nodes: new Map() };
}

function applyEntry(view: MutableView, entry: CommittedEntry) {
  const tasks = new Map<string, Changed<TaskRecord>>();
  const nodes = new Map<string, Changed<NodeRecord>>();
  const events: ClusterEventRecord[] = [];
  for (const [index, record] of entry.records.entries()) {
    const textKey = `${record.kind}\t${record.id}`;
    if (record.value === null) view.texts.delete(textKey);
    else view.texts.set(textKey, textOfLine(entry.lines[index] as string));
    if (record.kind === "task") noteChange(tasks, view.tasks, record.id, record.value);
    if (record.kind === "node") noteChange(nodes, view.nodes, record.id, record.value);
    if (record.kind === "event" && record.value !== null) events.push(record.value);
  }
  return { tasks: [...tasks.values()], nodes: [...nodes.values()], events };
}

function noteChange<Value>(
  changes: Map<string, Changed<Value>>,
  values: Map<string, Value>,
  id: string,
  after: Value | null,
): void {
  changes.set(id, { id, before: changes.get(id)?.before ?? values.get(id), after });
  if (after === null) values.delete(id);
  else values.set(id, after);
}
