/** TaskFilter and node filters. */
import type { NodeState__Output } from "@holdfast/shared/contract/generated/holdfast/v1/NodeState.ts";
import type { TaskFilter__Output } from "@holdfast/shared/contract/generated/holdfast/v1/TaskFilter.ts";
import { invalidField } from "@holdfast/shared/errors.ts";
import type { TaskSelection } from "../../core/event.ts";
import type { TaskState } from "../../core/record.ts";
import type { NodeState } from "../backend.ts";
import { nodeStateOf, taskStateOf } from "../convert/states.ts";
import { checkId } from "./identity.ts";
import { checkLabels } from "./placement-wishes.ts";
import { Violations } from "./violations.ts";

/** More than there are states: the same one twice is harmless, a thousand times is not. */
const maxStates = 16;

export function checkTaskFilter(filter: TaskFilter__Output = {}): TaskSelection {
  return {
    ...(filter.states?.length ? { states: checkTaskStates(filter.states) } : {}),
    ...(hasEntries(filter.labels) ? { labels: checkFilterLabels("filter.labels", filter.labels) } : {}),
    ...(filter.batchId ? { batchId: checkId("filter.batch_id", filter.batchId) } : {}),
    ...(filter.nodeId ? { nodeId: checkId("filter.node_id", filter.nodeId) } : {}),
    ...(filter.name ? { name: checkId("filter.name", filter.name) } : {}),
  };
}

/** For acts on all that a filter selects: forgetting the filter must not act on everything. */
export function checkNotEmpty(selection: TaskSelection): TaskSelection {
  if (Object.keys(selection).length > 0) return selection;
  throw invalidField("filter", "is empty and would select every task; name states, labels, a batch, a node or a name");
}

function checkTaskStates(states: NonNullable<TaskFilter__Output["states"]>): TaskState[] {
  return checkStates("filter.states", states, taskStateOf);
}

export function checkNodeStates(states: readonly NodeState__Output[] | undefined): NodeState[] {
  return checkStates("states", states ?? [], nodeStateOf);
}

function checkStates<State>(
  field: string,
  sent: readonly string[],
  stateOf: (name: string) => State | undefined,
): State[] {
  if (sent.length > maxStates)
    throw invalidField(field, `has ${sent.length} entries; at most ${maxStates} are allowed`);
  return sent.map((name, index) => {
    // A number beyond the enum arrives as a number.
    const state = stateOf(String(name));
    if (state === undefined) throw invalidField(`${field}[${index}]`, `is ${name}, which is not a state to look for`);
    return state;
  });
}

export function checkFilterLabels(
  field: string,
  labels: Record<string, string> | undefined,
): Readonly<Record<string, string>> {
  const violations = new Violations();
  const checked = checkLabels(violations, labels, field);
  violations.throwIfAny();
  return checked;
}

function hasEntries(map: object | undefined): boolean {
  return map !== undefined && Object.keys(map).length > 0;
}
