/**
 * Never two at a time, whatever happens: random faults on nodes whose processes live as long as the worst clocks and the
 * slowest supervisors let them. A failure prints the sequence, shrunk, and its seed.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isEnded } from "../record.ts";
import { defaultSettings } from "../settings.ts";
import { World } from "../testing/world.ts";
import { attemptKey } from "./live-attempts.ts";

const { exclusiveLeaseMs, exclusiveReassignMs, leaseTtlMs } = defaultSettings;
/** After a grant, by a leader's clock: that is too fast, the agent's too slow, and the kill takes all its time. */
const clockRateError = 0.001;
const enforcementAndKillMs = 6_000;
const livesAtMostMs =
  ((1 + clockRateError) / (1 - clockRateError)) * exclusiveLeaseMs + (1 + clockRateError) * enforcementAndKillMs;

interface Process {
  readonly taskId: string;
  readonly attempt: number;
  state: "running" | "succeeded" | "cancelled" | "lost";
  diesAtMs: number;
}

/** Agents that obey the leader while it reaches them, and machines that fail. */
class Nodes {
  readonly world = new World();
  readonly #names = ["a", "b", "c"];
  readonly #reached = new Set<string>();
  readonly #boots = new Map<string, number>();
  readonly #processes = new Map<string, Map<string, Process>>();

  constructor() {
    for (const name of this.#names) this.#processes.set(name, new Map());
    for (const name of this.#names) this.connect(name);
  }

  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 500) {
      this.world.pass(500);
      this.settle();
    }
  }

  connect(name: string): void {
    this.#reached.add(name);
    const attempts = [...this.#on(name).values()].map(({ taskId, attempt, state }) => ({ taskId, attempt, state }));
    this.world.join(name, {}, attempts, {}, `boot-${this.#boots.get(name) ?? 0}`);
    this.settle();
  }

  disconnect(name: string): void {
    this.#reached.delete(name);
    this.world.silence(name);
  }

  reboot(name: string): void {
    this.#boots.set(name, (this.#boots.get(name) ?? 0) + 1);
    for (const process of this.#on(name).values()) if (process.state === "running") process.state = "lost";
    this.connect(name);
  }

  /** A process exits by itself. */
  finish(name: string): void {
    const running = [...this.#on(name).values()].find(({ state }) => state === "running");
    if (running === undefined) return;
    running.state = "succeeded";
    this.#report(name, running);
  }

  /** The earlier leader may still have granted, to agents that only it reaches, as long as its lease can have lasted. */
  elect(): void {
    this.world.elect();
    for (const name of this.#names) {
      for (const process of this.#on(name).values()) this.#extend(process, leaseTtlMs);
    }
    for (const name of [...this.#reached]) this.connect(name);
  }

  confirmDead(name: string): void {
    const isOff = [...this.#on(name).values()].every(({ state }) => state !== "running");
    if (!isOff || !this.world.state.lostNodes.has(name)) return;
    this.world.write({ kind: "confirmDead", nodeId: name, reason: "" });
    this.settle();
  }

  /** Time takes its toll, and agents do what they were told. */
  settle(): void {
    for (const name of this.#names) {
      for (const process of this.#on(name).values()) {
        if (process.state !== "running" || process.diesAtMs > this.world.nowMs) continue;
        process.state = "lost";
        this.#report(name, process);
      }
    }
    const { starts, grants, stops } = this.#orders();
    for (const { nodeId, taskId, attempt } of starts) this.#start(nodeId, taskId, attempt);
    for (const { nodeId, attempts } of grants) {
      for (const { taskId, attempt } of attempts) this.#extend(this.#find(nodeId, taskId, attempt), 0);
    }
    for (const { nodeId, taskId, attempt } of stops) this.#stop(nodeId, taskId, attempt);
  }

  #orders() {
    const { world } = this;
    const reached = <Order extends { nodeId: string }>(orders: Order[]) =>
      orders.filter(({ nodeId }) => this.#reached.has(nodeId));
    const orders = {
      starts: reached(world.told("start")),
      grants: reached(world.told("grant")),
      stops: reached(world.told("stop")),
    };
    world.forgetTold();
    return orders;
  }

  #start(name: string, taskId: string, attempt: number): void {
    const known = this.#find(name, taskId, attempt);
    if (known !== undefined) return;
    for (const there of this.#processes.values()) {
      for (const other of there.values()) {
        const runs = other.taskId === taskId && other.state === "running" && other.diesAtMs > this.world.nowMs;
        expect(runs, `attempt ${other.attempt} of ${taskId} runs when ${attempt} is started on ${name}`).toBe(false);
      }
    }
    const process: Process = { taskId, attempt, state: "running", diesAtMs: this.world.nowMs + livesAtMostMs };
    this.#on(name).set(attemptKey(taskId, attempt), process);
    this.#report(name, process);
  }

  #stop(name: string, taskId: string, attempt: number): void {
    const known = this.#find(name, taskId, attempt) ?? { taskId, attempt, state: "cancelled", diesAtMs: 0 };
    if (known.state === "running") known.state = "cancelled";
    this.#on(name).set(attemptKey(taskId, attempt), known);
    this.#report(name, known);
  }

  #extend(process: Process | undefined, laterMs: number): void {
    if (process === undefined) return;
    process.diesAtMs = Math.max(process.diesAtMs, this.world.nowMs + laterMs + livesAtMostMs);
  }

  #report(name: string, { taskId, attempt, state }: Process): void {
    if (!this.#reached.has(name)) return;
    this.world.report(name, { taskId, attempt, state });
    this.settle();
  }

  #find(name: string, taskId: string, attempt: number): Process | undefined {
    return this.#on(name).get(attemptKey(taskId, attempt));
  }

  #on(name: string): Map<string, Process> {
    return this.#processes.get(name) as Map<string, Process>;
  }
}

const node = fc.constantFrom("a", "b", "c");
const nodeActs = fc.constantFrom("connect", "disconnect", "reboot", "finish", "confirmDead");
const action = fc.oneof(
  fc.record({ kind: fc.constant("submit" as const) }),
  fc.record({ kind: fc.constant("cancel" as const), task: fc.nat(5) }),
  fc.record({ kind: fc.constant("elect" as const) }),
  { arbitrary: fc.record({ kind: nodeActs, node }), weight: 4 },
  {
    arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(500, 4_000, 12_000, 24_000) }),
    weight: 4,
  },
);
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

function act(nodes: Nodes, ids: string[], one: Action): void {
  switch (one.kind) {
    case "submit":
      ids.push(nodes.world.submit({ exclusive: true }));
      return nodes.settle();
    case "cancel": {
      const taskId = ids[one.task % Math.max(1, ids.length)];
      if (taskId === undefined) return;
      nodes.world.write({ kind: "cancel", namespace: "default", target: { taskId }, reason: "" });
      return nodes.settle();
    }
    case "elect":
      return nodes.elect();
    case "pass":
      return nodes.pass(one.ms);
    default:
      return nodes[one.kind](one.node);
  }
}

test("no two attempts of an exclusive task run at a time, and each task goes on when the nodes are back", () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 12, maxLength: 30, size: "max" }), (actions) => {
      const nodes = new Nodes();
      const ids: string[] = [];
      for (const kind of ["submit", "submit"] as const) act(nodes, ids, { kind });
      for (const one of actions) act(nodes, ids, one);
      for (const name of ["a", "b", "c"]) nodes.connect(name);
      nodes.pass(leaseTtlMs + 2 * exclusiveReassignMs);
      for (const id of ids) {
        const { state } = nodes.world.task(id);
        expect(isEnded(state) || state === "running", `task ${id} is ${state}`).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});
