/** Tasks submitted as fast as they are taken, several calls at a time, so that the leader is never idle for want of them. */
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import { clientOptions } from "@holdfast/shared/contract/channel-options.ts";
import type { TaskSpec } from "@holdfast/shared/contract/generated/holdfast/v1/TaskSpec.ts";
import { TaskServiceClient } from "@holdfast/shared/contract/load.ts";
import { clientCredentials } from "@holdfast/shared/tls.ts";

export const noopSpec: TaskSpec = { argv: ["/bin/true"] };

export interface BatchLoad {
  readonly tasks: number;
  readonly batchSize: number;
  readonly callers: number;
  readonly spec?: TaskSpec;
}

/** Resolves when all are accepted. @throws HoldfastError when one batch is not */
export async function submitInBatches(
  client: HoldfastClient,
  { tasks, batchSize, callers, spec = noopSpec }: BatchLoad,
): Promise<void> {
  let left = tasks;
  const caller = async () => {
    while (left > 0) {
      const count = Math.min(batchSize, left);
      left -= count;
      await client.tasks.submitBatch({ specs: Array.from({ length: count }, () => spec) }, { deadlineMs: 60_000 });
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

/**
 * One task a call, to one coordinator, by the bare gRPC client: on few cores, what a caller spends is taken from the
 * coordinator.
 */
export class PlainSubmitter implements Disposable {
  readonly #client: InstanceType<typeof TaskServiceClient>;

  constructor(address: string) {
    this.#client = new TaskServiceClient(address, clientCredentials(null), clientOptions);
  }

  /** Resolves when it is durable. @throws ServiceError */
  submit(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.Submit({ namespace: "default", spec: noopSpec }, (error) =>
        error === null ? resolve() : reject(error),
      );
    });
  }

  /** Several callers, each with one call under way. */
  async submitMany({ tasks, callers }: Pick<BatchLoad, "tasks" | "callers">): Promise<void> {
    let left = tasks;
    const caller = async () => {
      while (left > 0) {
        left -= 1;
        await this.submit();
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}
