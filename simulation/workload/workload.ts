/** Carries out a plan of work against a simulated cluster, and remembers what was accepted. */
import { IdGenerator } from "@holdfast/coordinator/api/ids.ts";
import { batchHash } from "@holdfast/coordinator/api/validate/body-hash.ts";
import { newTask } from "@holdfast/coordinator/api/validate/task-spec.ts";
import type { Coordinator } from "@holdfast/coordinator/coordinator.ts";
import type { NewTask, WriteKind, WriteRequest } from "@holdfast/coordinator/core/event.ts";
import type { History } from "../history.ts";
import type { Random } from "../random.ts";
import type { Client, Settled } from "./client.ts";
import type { PlannedTask, WorkItem } from "./work-plan.ts";

export interface WorkloadParts {
  readonly clients: readonly Client[];
  readonly history: History;
  readonly random: Random;
  /** Unix time, for ids. */
  readonly wallMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly nodeIds: readonly string[];
  /** Nodes whose machines are off at this moment. */
  readonly deadNodeIds: () => readonly string[];
  readonly leading: () => Coordinator | null;
  readonly crashed: (error: unknown) => void;
  /** As the coordinators' configuration has it. */
  readonly exclusiveKillMs: number;
}

const namespace = "default";
const cell = "main";

export class Workload {
  readonly accepted: string[] = [];
  /** Calls that clients want an answer to. */
  open = 0;
  readonly #parts: WorkloadParts;
  readonly #ids: IdGenerator;
  #lastBatchId = "";

  constructor(parts: WorkloadParts) {
    this.#parts = parts;
    const { random } = parts;
    this.#ids = new IdGenerator(cell, parts.wallMs, (buffer) => {
      for (let at = 0; at < buffer.length; at += 1) buffer[at] = random.bits() & 255;
    });
  }

  /** @param number of the item in its plan; what is drawn for it depends on nothing else */
  begin(item: WorkItem, number: number): void {
    const { clients, random } = this.#parts;
    const user = new User(clients[number % clients.length] as Client, random.stream(number));
    this.open += 1;
    this.#carryOut(item, user, `request-${number}`).then(
      () => {
        this.open -= 1;
      },
      (error: unknown) => this.#parts.crashed(error),
    );
  }

  /** What a client does besides the plan. */
  cancel(taskId: string): void {
    const { clients, random } = this.#parts;
    const user = new User(clients[0] as Client, random.stream("cancel", taskId));
    user
      .surely(() => ({ kind: "cancel", namespace, target: { taskId }, reason: "not wanted" }))
      .catch((error: unknown) => this.#parts.crashed(error));
  }

  async #carryOut(item: WorkItem, user: User, requestId: string): Promise<void> {
    const { sleep, nodeIds, deadNodeIds } = this.#parts;
    const taskId = "task" in item && typeof item.task === "number" ? this.#acceptedTask(item.task) : "";
    if (taskId === null) return;
    switch (item.kind) {
      case "submit":
        return this.#submit(user, requestId, item.task);
      case "submitBatch":
        return this.#submitBatch(user, requestId, item.tasks, item.addsToLast);
      case "cancel":
        await user.surely(() => ({ kind: "cancel", namespace, target: { taskId }, reason: "not wanted" }));
        return;
      case "retry":
        return this.#retry(user, requestId, taskId);
      case "hold":
        await user.surely(() => ({ kind: "hold", namespace, taskId }));
        await sleep(item.forMs);
        await user.surely(() => ({ kind: "release", namespace, taskId }));
        return;
      case "pausePlacement":
        await user.surely(() => ({ kind: "pausePlacement", reason: "maintenance" }));
        await sleep(item.forMs);
        await user.surely(() => ({ kind: "resumePlacement" }));
        return;
      case "cordon":
      case "drain": {
        const nodeId = nodeIds[item.node % nodeIds.length] as string;
        const deadlineMs = Math.round(item.forMs / 3);
        const reason = "maintenance";
        if (item.kind === "cordon") await user.surely(() => ({ kind: "cordon", nodeId, reason }));
        else await user.surely(() => ({ kind: "drain", nodeId, deadlineMs, reason }));
        await sleep(item.forMs);
        await user.surely(() => ({ kind: "uncordon", nodeId }));
        return;
      }
      case "remove": {
        const nodeId = nodeIds[item.node % nodeIds.length] as string;
        await user.surely(() => ({ kind: "remove", nodeId }));
        return;
      }
      case "confirmDead":
        for (const nodeId of deadNodeIds()) {
          await user.surely(() => ({ kind: "confirmDead", nodeId, reason: "it is switched off" }));
        }
        return;
      case "stepDown":
        return this.#stepDown();
      case "read":
        return this.#read(user, taskId);
    }
  }

  async #submit(user: User, requestId: string, planned: PlannedTask): Promise<void> {
    const settled = await user.surely(() => ({ kind: "submit", namespace, requestId, task: this.#taskOf(planned) }));
    if (settled.kind === "answered") this.accepted.push(settled.answer.taskId);
  }

  async #submitBatch(
    user: User,
    requestId: string,
    planned: readonly PlannedTask[],
    addsToLast: boolean,
  ): Promise<void> {
    const adds = addsToLast && this.#lastBatchId !== "";
    const known = this.#lastBatchId;
    const settled = await user.surely(() => {
      const items = planned.map((task) => this.#taskOf(task));
      const batchId = adds ? known : this.#ids.next();
      const bodyHash = batchHash(items.map((item) => item.bodyHash));
      return { kind: "submitBatch", namespace, requestId, bodyHash, batchId, adds, allowPartial: false, items };
    });
    if (settled.kind === "refused") return;
    this.#lastBatchId = settled.answer.batchId;
    this.accepted.push(...settled.answer.taskIds.filter((taskId) => taskId !== ""));
  }

  async #retry(user: User, requestId: string, taskId: string): Promise<void> {
    const asked = await user.ask((coordinator) => coordinator.readBody(taskId));
    const body = asked?.result ?? null;
    if (body === null) return;
    const settled = await user.surely(() => {
      const newTaskId = this.#ids.next();
      return { kind: "retry", namespace, taskId, requestId, newTaskId, body };
    });
    if (settled.kind === "answered") this.accepted.push(settled.answer.taskId);
  }

  async #stepDown(): Promise<void> {
    const leader = this.#parts.leading();
    // Refused when nobody could take over.
    await leader?.stepDown("asked to").catch(() => {});
  }

  async #read(user: User, taskId: string): Promise<void> {
    const { history } = this.#parts;
    // As the API does: first what the task is, then, on the same coordinator, what it executes.
    await user.ask(async (coordinator) => {
      const { coordinatorId } = coordinator;
      const seen = await coordinator.read((view) => ({
        task: view.liveTask(taskId) ?? view.endedTask(taskId) ?? null,
        leading: coordinator.isLeading(),
        revision: view.revision,
      }));
      history.record({ kind: "read", coordinatorId, taskId, ...seen });
      if (seen.task === null) return;
      const value = await coordinator.readBody(taskId);
      history.record({ kind: "readText", coordinatorId, text: "body", taskId, attempt: 0, value });
    });
  }

  #acceptedTask(number: number): string | null {
    return this.accepted.length === 0 ? null : (this.accepted[number % this.accepted.length] ?? null);
  }

  #taskOf(planned: PlannedTask): NewTask {
    const { maxRetries, cpuMillis, argv, ...spec } = planned;
    const retry = { maxRetries, backoffMs: 200, backoffMaxMs: 2_000 };
    const wish = { ...spec, argv: [...argv], resources: { cpuMillis }, retry };
    const task = newTask(this.#ids.next(), wish, this.#parts.exclusiveKillMs);
    if ("body" in task) return task;
    throw task.error("planned task: ");
  }
}

/** A client that carries out one item of the plan. */
class User {
  readonly #client: Client;
  readonly #random: Random;

  constructor(client: Client, random: Random) {
    this.#client = client;
    this.#random = random;
  }

  surely<Kind extends WriteKind>(make: () => WriteRequest<Kind>): Promise<Settled<Kind>> {
    return this.#client.surely(this.#random, make);
  }

  ask<Result>(query: (coordinator: Coordinator) => Promise<Result>) {
    return this.#client.ask(this.#random, query);
  }
}
