/**
 * What each node has, and what is promised of it: the side of the state that placement reads.
 *
 * Derived from node and task records alone, so it is the same on every replica; what is only heard (load, silence) is
 * kept with the observation.
 */
import type { AttemptRecord, NodeRecord, ResourceAmounts } from "../record.ts";

export interface NodeSlot {
  readonly nodeId: string;
  /** Null: attempts are there, but the node was removed. */
  record: NodeRecord | null;
  cpuMillis: number;
  memoryBytes: number;
  readonly devices: Map<string, Set<number>>;
  /** Attempts there that have not ended, by `taskId.number`. */
  readonly attempts: Map<string, string>;
}

export class NodeSlots {
  readonly #slots = new Map<string, NodeSlot>();
  /** The same slots, for picking some at random. */
  readonly all: NodeSlot[] = [];
  /** Nodes that gained room or became eligible since placement last looked. */
  readonly gained = new Set<string>();

  get(nodeId: string): NodeSlot | undefined {
    return this.#slots.get(nodeId);
  }

  setRecord(nodeId: string, record: NodeRecord | null): void {
    const slot = this.#slot(nodeId);
    slot.record = record;
    this.gained.add(nodeId);
    this.#dropIfEmpty(slot);
  }

  promise(taskId: string, attempt: AttemptRecord, amounts: ResourceAmounts): void {
    const slot = this.#slot(attempt.nodeId);
    slot.attempts.set(`${taskId}.${attempt.number}`, taskId);
    slot.cpuMillis += amounts.cpuMillis;
    slot.memoryBytes += amounts.memoryBytes;
    for (const [name, numbers] of Object.entries(attempt.devices)) {
      const used = slot.devices.get(name) ?? new Set();
      for (const number of numbers) used.add(number);
      slot.devices.set(name, used);
    }
  }

  release(taskId: string, attempt: AttemptRecord, amounts: ResourceAmounts): void {
    const slot = this.#slot(attempt.nodeId);
    slot.attempts.delete(`${taskId}.${attempt.number}`);
    slot.cpuMillis -= amounts.cpuMillis;
    slot.memoryBytes -= amounts.memoryBytes;
    for (const [name, numbers] of Object.entries(attempt.devices)) {
      for (const number of numbers) slot.devices.get(name)?.delete(number);
    }
    this.gained.add(attempt.nodeId);
    this.#dropIfEmpty(slot);
  }

  #slot(nodeId: string): NodeSlot {
    let slot = this.#slots.get(nodeId);
    if (slot === undefined) {
      slot = { nodeId, record: null, cpuMillis: 0, memoryBytes: 0, devices: new Map(), attempts: new Map() };
      this.#slots.set(nodeId, slot);
      this.all.push(slot);
    }
    return slot;
  }

  #dropIfEmpty(slot: NodeSlot): void {
    if (slot.record !== null || slot.attempts.size > 0) return;
    this.#slots.delete(slot.nodeId);
    this.gained.delete(slot.nodeId);
    const last = this.all.pop();
    if (last !== undefined && last !== slot) this.all[this.all.indexOf(slot)] = last;
  }
}
