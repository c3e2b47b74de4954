/**
 * A batch of any size: cut into calls of at most 1,000 tasks and less than 1 MiB, which are joined by the batch's id.
 */
import { randomUUID } from "node:crypto";
import { taskServiceDefinition } from "../contract/load.ts";
import { HoldfastError } from "../errors.ts";
import type { SubmitTaskError, TaskSpec } from "./messages.ts";
import type { TaskClient } from "./task-client.ts";

const tasksOfCall = 1_000;
/** Less than a message may have, for the fields around the specs. */
const bytesOfCall = 1_000_000;

export interface BatchSubmission {
  readonly specs: readonly TaskSpec[];
  readonly namespace?: string | undefined;
  /** The calls' request ids are made from it. */
  readonly requestId?: string | undefined;
  /** Accept the good tasks and tell the errors of the others; else a call with a bad one is refused whole. */
  readonly allowPartial: boolean;
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each call with the number of specs that have been answered. */
  readonly onProgress?: (answered: number) => void;
}

export interface SubmittedBatch {
  readonly batchId: string;
  readonly revision: string;
  /** One for each spec, in order; "" where it was refused. */
  readonly taskIds: readonly string[];
  /** `index` counts in all specs. */
  readonly errors: readonly SubmitTaskError[];
}

/**
 * @throws HoldfastError whose fields count in all specs; what earlier calls submitted stays, and the message says so
 */
export async function submitInPieces(tasks: TaskClient, submission: BatchSubmission): Promise<SubmittedBatch> {
  const { specs, namespace, allowPartial, deadlineMs, signal, onProgress } = submission;
  const requestId = submission.requestId || randomUUID();
  const taskIds: string[] = [];
  const errors: SubmitTaskError[] = [];
  let batchId = "";
  let revision = "";
  for (const [number, piece] of cutIntoCalls(specs).entries()) {
    const offset = taskIds.length;
    const request = {
      ...(namespace === undefined ? {} : { namespace }),
      requestId: number === 0 ? requestId : `${requestId}.${number}`,
      specs: piece,
      allowPartial,
      batchId,
    };
    const answer = await tasks.submitBatch(request, { deadlineMs, signal }).catch((error: unknown) => {
      throw inWholeBatch(error, offset, batchId);
    });
    batchId = answer.batchId ?? batchId;
    revision = answer.revision ?? revision;
    taskIds.push(...piece.map((_, index) => answer.taskIds?.[index] ?? ""));
    errors.push(...(answer.errors ?? []).map((error) => ({ ...error, index: (error.index ?? 0) + offset })));
    onProgress?.(taskIds.length);
  }
  return { batchId, revision, taskIds, errors };
}

/** Specs in calls, in order. A spec too large for any call gets one of its own, for the coordinator to refuse. */
export function cutIntoCalls(specs: readonly TaskSpec[]): TaskSpec[][] {
  const calls: TaskSpec[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const spec of specs) {
    const size = taskServiceDefinition.SubmitBatch.requestSerialize({ specs: [spec] }).length;
    const current = calls.at(-1);
    if (current === undefined || current.length >= tasksOfCall || bytes + size > bytesOfCall) {
      calls.push([spec]);
      bytes = size;
    } else {
      current.push(spec);
      bytes += size;
    }
  }
  return calls;
}

function inWholeBatch(error: unknown, offset: number, batchId: string): unknown {
  if (!(error instanceof HoldfastError) || offset === 0) return error;
  const counted = (text: string) =>
    text.replaceAll(/\bspecs\[(\d+)\]/g, (_, index) => `specs[${Number(index) + offset}]`);
  return new HoldfastError(
    error.code,
    `${counted(error.message)}; the ${offset} tasks before stay submitted, as batch ${batchId}`,
    {
      fields: error.fields.map(({ field, description }) => ({
        field: counted(field),
        description: counted(description),
      })),
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
      cause: error,
    },
  );
}
