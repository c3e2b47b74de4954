import { afterEach, expect, test } from "vitest";
import { toServiceError } from "../contract/status-details.ts";
import { HoldfastError } from "../errors.ts";
import { cutIntoCalls, submitInPieces } from "./batch-submission.ts";
import { HoldfastClient } from "./holdfast-client.ts";
import { type ScriptedCoordinator, startScriptedCoordinator } from "./testing/scripted-coordinator.ts";

let coordinator: ScriptedCoordinator | undefined;
let client: HoldfastClient;
afterEach(() => {
  if (coordinator === undefined) return;
  client.close();
  coordinator.kill();
  coordinator = undefined;
});

const specs = (count: number) => Array.from({ length: count }, (_, index) => ({ argv: ["echo", String(index)] }));

test("calls have at most 1,000 tasks, fewer when they are large, and keep the order", () => {
  expect(cutIntoCalls([])).toEqual([]);
  expect(cutIntoCalls(specs(2_500)).map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
  const large = Array.from({ length: 5 }, () => ({ argv: ["x"], standardInput: Buffer.alloc(300_000) }));
  expect(cutIntoCalls(large).map(({ length }) => length)).toEqual([3, 2]);
  expect(cutIntoCalls(specs(2_500)).flat()).toEqual(specs(2_500));
});

async function start(refuse: (index: number) => boolean): Promise<{ batchId: string; requestId: string }[]> {
  const calls: { batchId: string; requestId: string }[] = [];
  coordinator = await startScriptedCoordinator({
    tasks: {
      SubmitBatch: ({ request }, answer) => {
        calls.push({ batchId: request.batchId ?? "", requestId: request.requestId ?? "" });
        if (refuse(calls.length - 1))
          return answer(
            toServiceError(
              new HoldfastError("invalidArgument", "specs[3].argv: is empty", {
                fields: [{ field: "specs[3].argv", description: "is empty" }],
              }),
            ),
          );
        const taskIds = (request.specs ?? []).map((spec) => `main-${spec.argv?.[1]}`);
        answer(null, {
          batchId: "b1",
          taskIds,
          errors: [{ index: 1, field: "name", message: "too long" }],
          revision: "5",
        });
      },
    },
  });
  client = new HoldfastClient({ addresses: [coordinator.address] });
  return calls;
}

test("pieces are joined by the batch's id, and positions count in the whole batch", async () => {
  const calls = await start(() => false);
  const progress: number[] = [];
  const submitted = await submitInPieces(client.tasks, {
    specs: specs(1_200),
    requestId: "r",
    allowPartial: true,
    onProgress: (answered) => progress.push(answered),
  });
  expect(calls).toEqual([
    { batchId: "", requestId: "r" },
    { batchId: "b1", requestId: "r.1" },
  ]);
  expect(submitted.taskIds[1_199]).toBe("main-1199");
  expect(submitted.errors.map(({ index }) => index)).toEqual([1, 1_001]);
  expect(progress).toEqual([1_000, 1_200]);
});

test("a refused later piece says what stays", async () => {
  await start((call) => call === 1);
  const submission = submitInPieces(client.tasks, { specs: specs(1_200), allowPartial: false });
  await expect(submission).rejects.toMatchObject({
    message: "specs[1003].argv: is empty; the 1000 tasks before stay submitted, as batch b1",
    fields: [{ field: "specs[1003].argv", description: "is empty" }],
  });
});
