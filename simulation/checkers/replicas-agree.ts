/**
 * Replicas equal the leader's state at equal revisions, and both equal what storage holds there: at some of the positions,
 * the copy of a coordinator that has followed (or led) to there is compared, record for record, with what the log adds up to.
 */
import { isEnded } from "@holdfast/coordinator/core/record.ts";
import type { State } from "@holdfast/coordinator/core/state/state.ts";
import type { HistoryEvent } from "../history.ts";
import { at, Checker } from "./checker.ts";
import { keyAt, type View } from "./committed-log.ts";

const differencesShown = 3;
/** Ended tasks are kept as text, which takes time to read: they are compared each so many-th time. */
const endedEvery = 4;

export class ReplicasAgree extends Checker {
  readonly name = "replicas equal the leader's state at equal revisions";
  #looks = 0;

  override observe(event: HistoryEvent): void {
    // A load may be ahead of the position that it gives.
    if (event.kind !== "replica" || event.by === "loaded" || event.position.sequence === 0) return;
    const { atMs, coordinatorId, lineage, position, state, by } = event;
    const key = keyAt(lineage, position);
    const place = `${coordinatorId}, ${by} ${at(atMs)}`;
    if (this.log.entry(key) === undefined)
      return this.violated(atMs, `${place}, stands at ${key}, which was never written`);
    const view = this.log.snapshot(key);
    if (view === undefined) return;
    this.#looks += 1;
    const differences = differencesOf(state, view, this.#looks % endedEvery === 0);
    if (differences.length === 0) return;
    const shown = differences.slice(0, differencesShown).join("; ");
    this.violated(atMs, `${place}, differs from the log at ${key} in ${differences.length} records: ${shown}`);
  }
}

function differencesOf(state: State, view: View, withEnded: boolean): readonly string[] {
  const differences: string[] = [];
  const seen = new Set<string>();
  for (const [key, text] of textsOf(state, withEnded)) {
    seen.add(key);
    const expected = view.texts.get(key);
    if (expected === undefined) differences.push(`it has ${name(key)}, which does not exist`);
    else if (expected !== text) differences.push(`${name(key)} is ${excerpt(text, expected)}`);
  }
  for (const key of view.texts.keys()) {
    const kind = key.slice(0, key.indexOf("\t"));
    const id = key.slice(key.indexOf("\t") + 1);
    // Output tails and the bodies of ended tasks are not kept in memory.
    if (seen.has(key) || kind === "tail" || (kind === "body" && isOver(state, id))) continue;
    if (kind === "task" && !withEnded && state.ended.has(id)) continue;
    differences.push(`it lacks ${name(key)}`);
  }
  return differences;
}

function* textsOf(state: State, withEnded: boolean): Iterable<readonly [key: string, text: string]> {
  for (const id of state.taskIds.ascending("")) {
    const task = state.tasks.get(id) ?? (withEnded ? state.ended.get(id) : undefined);
    if (task !== undefined) yield [`task\t${id}`, JSON.stringify(task)];
  }
  for (const [id, node] of state.nodes) yield [`node\t${id}`, JSON.stringify(node)];
  for (const [id, batch] of state.batches) yield [`batch\t${id}`, JSON.stringify(batch)];
  for (const [id, event] of state.events) yield [`event\t${id}`, JSON.stringify(event)];
  for (const [id, body] of state.bodies) yield [`body\t${id}`, body];
  if (state.cluster.epoch > 0) yield ["cluster\tcluster", JSON.stringify(state.cluster)];
}

function isOver(state: State, taskId: string): boolean {
  const task = state.tasks.get(taskId);
  return task === undefined || isEnded(task.state);
}

function name(key: string): string {
  return key.replace("\t", " ");
}

/** Both texts from where they differ. */
function excerpt(text: string, expected: string): string {
  let from = 0;
  while (from < text.length && text[from] === expected[from]) from += 1;
  const start = Math.max(0, from - 20);
  return `…${text.slice(start, from + 60)}… instead of …${expected.slice(start, from + 60)}…`;
}
