/**
 * What a story does to a cluster as its client, wherever that cluster runs: it submits tasks, and waits for what becomes of
 * them.
 */
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { ClusterStatusResponse, Task, TaskSpec } from "@holdfast/shared/client/messages.ts";
import { taskHasEnded } from "@holdfast/shared/client/task-states.ts";
import { EventRecord } from "./event-record.ts";
import { eventually, patienceMs } from "./waiting.ts";

export class ClientScene {
  /** Knows every coordinator, as a client should. */
  readonly client: HoldfastClient;
  readonly events: EventRecord;

  /** @param parts what is to be closed with the scene */
  constructor(client: HoldfastClient, parts: DisposableStack) {
    this.client = client;
    this.events = parts.adopt(new EventRecord(client), (record) => record.close());
  }

  async submit(spec: TaskSpec, client = this.client): Promise<string> {
    return (await client.tasks.submit({ spec })).taskId ?? "";
  }

  /** The same task so many times, in one batch. */
  async submitMany(count: number, spec: TaskSpec): Promise<string[]> {
    const specs = Array.from({ length: count }, () => spec);
    return (await this.client.tasks.submitBatch({ specs })).taskIds ?? [];
  }

  async task(taskId: string, client = this.client): Promise<Task> {
    const { task } = await client.tasks.get({ taskId });
    if (task === undefined || task === null) throw new Error(`expected task ${taskId}, the answer has none`);
    return task;
  }

  /** Watches each task to its end; in the order of the ids. */
  async ends(taskIds: readonly string[], client = this.client): Promise<Task[]> {
    return Promise.all(taskIds.map((id) => this.taskThat("has ended", id, taskHasEnded, client)));
  }

  /** Watches the task until it is as wanted. */
  async taskThat(
    expected: string,
    taskId: string,
    wanted: (task: Task) => boolean,
    client = this.client,
  ): Promise<Task> {
    const deadline = AbortSignal.timeout(patienceMs * 2);
    let last: Task | undefined;
    try {
      for await (const { tasks = [] } of client.tasks.watch({ taskId }, deadline)) {
        last = tasks.at(-1) ?? last;
        const found = tasks.find(wanted);
        if (found !== undefined) return found;
      }
    } catch (error) {
      if (!deadline.aborted) throw error;
    }
    throw new Error(`expected that task ${taskId} ${expected}; it is ${JSON.stringify(last)}`);
  }

  /** Asks for the status until it is as wanted. */
  async statusThat(
    expected: string,
    wanted: (status: ClusterStatusResponse) => boolean,
    client = this.client,
  ): Promise<ClusterStatusResponse> {
    let last: ClusterStatusResponse | undefined;
    const look = async () => {
      last = await client.cluster.status();
      return wanted(last) ? last : undefined;
    };
    return eventually(`a status in which ${expected}`, look, { seen: () => JSON.stringify(last) });
  }
}
