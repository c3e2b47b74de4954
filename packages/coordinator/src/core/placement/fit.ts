/** Whether a node may take a task and has room for it; in words, for those who ask why not. */
import type { NodeRecord, PlacementConstraint, ResourceAmounts, TaskRecord } from "../record.ts";
import type { NodeSlot } from "../state/node-slots.ts";
import type { State } from "../state/state.ts";

interface Demand {
  readonly resources: ResourceAmounts;
  readonly constraints: readonly PlacementConstraint[];
}

/** The node takes new tasks, as far as records tell. */
export function isOpen(node: NodeRecord): boolean {
  return !node.cordoned && node.lostAtMs === 0 && node.awayUntilMs === 0;
}

export function hasRoom(slot: NodeSlot, resources: ResourceAmounts): boolean {
  const offered = slot.record?.inventory.allocatable;
  if (offered === undefined) return false;
  if (slot.cpuMillis + resources.cpuMillis > offered.cpuMillis) return false;
  if (slot.memoryBytes + resources.memoryBytes > offered.memoryBytes) return false;
  for (const name in resources.counts) {
    const wanted = resources.counts[name] ?? 0;
    if ((slot.devices.get(name)?.size ?? 0) + wanted > countOf(offered, name)) return false;
  }
  return true;
}

export function satisfies(node: NodeRecord, constraints: readonly PlacementConstraint[]): boolean {
  return constraints.every((constraint) => holds(node, constraint));
}

/** The device numbers for an attempt, the lowest that are free. */
export function pickDevices(slot: NodeSlot, resources: ResourceAmounts): Record<string, readonly number[]> {
  const picked: Record<string, readonly number[]> = {};
  for (const [name, count] of Object.entries(resources.counts)) {
    const used = slot.devices.get(name);
    const numbers: number[] = [];
    for (const number of deviceNumbers(slot, name)) {
      if (numbers.length === count) break;
      if (used?.has(number) !== true) numbers.push(number);
    }
    picked[name] = numbers;
  }
  return picked;
}

/** What stands against placing it there, one sentence each. */
export function obstacles(slot: NodeSlot, demand: Demand): string[] {
  const node = slot.record;
  if (node === null) return ["the node was removed"];
  const found: string[] = [];
  if (node.lostAtMs > 0) found.push("it is lost");
  if (node.awayUntilMs > 0) found.push("its agent is being restarted");
  if (node.drainDeadlineMs !== null) found.push("it is being drained");
  else if (node.cordoned)
    found.push(node.cordonReason === "" ? "it is cordoned" : `it is cordoned: ${node.cordonReason}`);
  for (const constraint of demand.constraints) {
    if (!holds(node, constraint)) found.push(`it does not satisfy ${describeConstraint(constraint)}`);
  }
  const { allocatable } = node.inventory;
  const { cpuMillis, memoryBytes, counts } = demand.resources;
  const short = (what: string, wanted: string, free: string, all: string) =>
    found.push(`${what}: ${wanted} wanted, ${free} free of ${all}`);
  if (slot.cpuMillis + cpuMillis > allocatable.cpuMillis) {
    short("cpu", `${cpuMillis}m`, `${allocatable.cpuMillis - slot.cpuMillis}m`, `${allocatable.cpuMillis}m`);
  }
  if (slot.memoryBytes + memoryBytes > allocatable.memoryBytes) {
    short("memory", mib(memoryBytes), mib(allocatable.memoryBytes - slot.memoryBytes), mib(allocatable.memoryBytes));
  }
  for (const [name, wanted] of Object.entries(counts)) {
    const all = countOf(allocatable, name);
    const free = all - (slot.devices.get(name)?.size ?? 0);
    if (wanted > free) short(name, String(wanted), String(free), String(all));
  }
  return found;
}

/**
 * Why no node that is known, however empty, could ever run the task; null when one could, or when no node is known yet.
 */
export function whyImpossible(state: State, task: TaskRecord): { field: string; message: string } | null {
  if (state.nodes.size === 0) return null;
  let constraintsHoldSomewhere = false;
  for (const node of state.nodes.values()) {
    if (!satisfies(node, task.constraints)) continue;
    constraintsHoldSomewhere = true;
    if (offersEnough(node, task.resources)) return null;
  }
  if (!constraintsHoldSomewhere) {
    const message = `none of the ${state.nodes.size} nodes satisfies ${task.constraints.map(describeConstraint).join(" and ")}; add such a node first, or change the constraints`;
    return { field: "constraints", message };
  }
  const message = `no node offers ${describeAmounts(task.resources)} even when it is empty; ask for less, or add a larger node first`;
  return { field: "resources", message };
}

export function offersEnough(node: NodeRecord, wanted: ResourceAmounts): boolean {
  const { allocatable } = node.inventory;
  if (wanted.cpuMillis > allocatable.cpuMillis || wanted.memoryBytes > allocatable.memoryBytes) return false;
  return Object.entries(wanted.counts).every(([name, count]) => count <= countOf(allocatable, name));
}

export function describeConstraint({ key, operator, values }: PlacementConstraint): string {
  if (operator === "exists") return `"${key} exists"`;
  if (operator === "notExists") return `"${key} does not exist"`;
  return `"${key} ${operator === "in" ? "in" : "not in"} (${values.join(", ")})"`;
}

export function describeAmounts({ cpuMillis, memoryBytes, counts }: ResourceAmounts): string {
  const named = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return [`${cpuMillis}m cpu`, mib(memoryBytes), ...named].join(", ");
}

/** Names come from clients: `constructor` must not find what every object has. */
function countOf(amounts: ResourceAmounts, name: string): number {
  return Object.hasOwn(amounts.counts, name) ? (amounts.counts[name] ?? 0) : 0;
}

function mib(bytes: number): string {
  return `${Math.floor(bytes / 1_048_576)} MiB`;
}

function holds(node: NodeRecord, { key, operator, values }: PlacementConstraint): boolean {
  const value = attributeOf(node, key);
  switch (operator) {
    case "exists":
      return value !== undefined;
    case "notExists":
      return value === undefined;
    case "in":
      return value !== undefined && values.includes(value);
    case "notIn":
      return value === undefined || !values.includes(value);
  }
}

function attributeOf(node: NodeRecord, key: string): string | undefined {
  switch (key) {
    case "node.id":
      return node.id;
    case "node.class":
      return node.nodeClass;
    case "node.arch":
      return node.inventory.arch;
    case "node.os":
      return node.inventory.os;
    case "node.hostname":
      return node.inventory.hostname;
    default:
      return Object.hasOwn(node.labels, key) ? node.labels[key] : undefined;
  }
}

function* deviceNumbers(slot: NodeSlot, name: string): Iterable<number> {
  const gpus = slot.record?.inventory.gpus ?? [];
  if (name === "gpu" && gpus.length > 0) {
    for (const gpu of gpus) yield gpu.number;
    return;
  }
  const count = slot.record === null ? 0 : countOf(slot.record.inventory.allocatable, name);
  for (let number = 0; number < count; number += 1) yield number;
}
