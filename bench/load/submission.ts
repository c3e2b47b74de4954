/** Tasks submitted as fast as they are taken, several calls at a time, so that the leader is never idle for want of them. */
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { TaskSpec } from "@holdfast/shared/contract/generated/holdfast/v1/TaskSpec.ts";

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

/** One task a call. Resolves when all are accepted. @throws HoldfastError when one is not */
export async function submitOneByOne(
  client: HoldfastClient,
  { tasks, callers }: Pick<BatchLoad, "tasks" | "callers">,
): Promise<void> {
  let left = tasks;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      await client.tasks.submit({ spec: noopSpec });
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}
