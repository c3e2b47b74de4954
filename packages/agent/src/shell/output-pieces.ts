/** An attempt's output, as the contract's pieces. */

import { stat } from "node:fs/promises";
import type { TaskLogsResponse } from "@holdfast/shared/contract/generated/holdfast/v1/TaskLogsResponse.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { AttemptId } from "../core/attempt.ts";
import { readOutput } from "../process/output-reader.ts";
import type { ReadOutput } from "../session/output-requests.ts";

/** Small ones travel together up to this. */
const chunkBytes = 64 * 1024;

/** @param folderOf where an attempt's folder is, if there is one */
export function outputReaderOf(folderOf: (id: AttemptId) => string): ReadOutput {
  return async function* read(id, { follow, tailBytes }, signal) {
    const folder = folderOf(id);
    await mustExist(folder, id);
    let chunk: TaskLogsResponse[] = [];
    let bytes = 0;
    for await (const { stream, writtenAtMs, data, skippedBytes } of readOutput(folder, { follow, tailBytes, signal })) {
      const piece: TaskLogsResponse = {
        data,
        stream: stream === "stdout" ? "STREAM_STDOUT" : "STREAM_STDERR",
        source: "SOURCE_NODE",
        attempt: id.attempt,
        writtenAtMs,
        skippedBytes,
      };
      if (chunk.length > 0 && bytes + data.length > chunkBytes) {
        yield chunk;
        chunk = [];
        bytes = 0;
      }
      chunk.push(piece);
      bytes += data.length;
      // A follower wants to see it now; nobody waits for more of a task that writes slowly.
      if (follow) {
        yield chunk;
        chunk = [];
        bytes = 0;
      }
    }
    if (chunk.length > 0) yield chunk;
  };
}

async function mustExist(folder: string, { taskId, attempt }: AttemptId): Promise<void> {
  try {
    await stat(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new HoldfastError("notFound", `this node keeps no output of attempt ${attempt} of ${taskId} any more`);
  }
}
