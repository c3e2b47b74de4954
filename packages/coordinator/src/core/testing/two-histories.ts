/** Two worlds with one past, of which the storage has lost what became of the first: what that wrote since is an orphan. */
import type { OrphanPiece } from "../event.ts";
import type { DurableRecord, NodeRecord, RecordKind, TaskRecord } from "../record.ts";
import type { State } from "../state/state.ts";
import { World } from "./world.ts";

const kinds = ["node", "batch", "task", "body"] as const;
type Kind = (typeof kinds)[number];
type Snapshot = ReadonlyMap<string, string>;

export class TwoHistories {
  readonly lost = new World();
  readonly ours = new World();
  #lostAtFork: Snapshot = new Map();
  #oursAtFork: Snapshot = new Map();

  /** What happened before they parted. */
  constructor(past: (world: World) => void = () => {}) {
    for (const world of [this.lost, this.ours]) past(world);
    this.#lostAtFork = snapshot(this.lost.state);
    this.#oursAtFork = snapshot(this.ours.state);
  }

  /** What the lost history has written so far; later, the same history reaches further. */
  orphan(over: Partial<OrphanPiece> = {}): OrphanPiece {
    const records = changes(this.#lostAtFork, this.lost.state);
    const end = { epoch: 1, sequence: Math.round(this.lost.nowMs) };
    const changed = changes(this.#oursAtFork, this.ours.state).map(({ kind, id }) => `${kind} ${id}`);
    const orphanId = `orphan-${end.sequence}`;
    const seen = new Map<string, TaskRecord | NodeRecord>();
    for (const [id, task] of this.ours.state.tasks) seen.set(`task ${id}`, task);
    for (const [id, node] of this.ours.state.nodes) seen.set(`node ${id}`, node);
    return { orphanId, origin: "peer", end, records, changedSince: new Set(changed), seen, isLast: true, ...over };
  }

  merge(piece: OrphanPiece = this.orphan()): void {
    this.ours.event({ kind: "merge", piece });
  }
}

function snapshot(state: State): Snapshot {
  const values = new Map<string, string>();
  for (const record of recordsOf(state)) values.set(`${record.kind} ${record.id}`, JSON.stringify(record.value));
  return values;
}

function changes(before: Snapshot, state: State): DurableRecord[] {
  return recordsOf(state).filter(({ kind, id, value }) => before.get(`${kind} ${id}`) !== JSON.stringify(value));
}

/** In the order in which an orphan has them. */
function recordsOf(state: State): DurableRecord[] {
  const tasks = [...state.tasks.values(), ...state.ended.oldest()];
  const records: Record<Kind, DurableRecord[]> = {
    node: [...state.nodes.values()].map((value) => ({ kind: "node", id: value.id, value })),
    batch: [...state.batches.values()].map((value) => ({ kind: "batch", id: value.id, value })),
    task: tasks.map((value) => ({ kind: "task", id: value.id, value })),
    // An ended task's body is in the storage only; here each is the same.
    body: tasks.map(({ id }) => ({ kind: "body", id, value: state.bodies.get(id) ?? "{}" })),
  };
  const order: readonly RecordKind[] = kinds;
  return order.flatMap((kind) => records[kind as Kind]);
}
