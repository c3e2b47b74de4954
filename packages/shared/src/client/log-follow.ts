/**
 * The output of an attempt, continued on another coordinator where it broke off.
 *
 * The contract knows no position in an output, and pieces may be cut differently the second time. What tells where to go
 * on is when the process wrote it: earlier pieces are dropped, and of those of the last moment as many bytes as were
 * delivered of it.
 */
import type { TaskLogsRequest, TaskLogsResponse } from "./messages.ts";
import type { StreamPlan } from "./resumable-stream.ts";

export function logFollowPlan(request: TaskLogsRequest): StreamPlan<TaskLogsResponse> {
  let attempt = request.attempt;
  let lastMomentMs: number | undefined;
  let deliveredOfMoment = 0;
  let toSkip = 0;
  let catchingUp = false;

  function skipDelivered(piece: TaskLogsResponse): TaskLogsResponse | undefined {
    const writtenAtMs = piece.writtenAtMs ?? 0;
    if (!catchingUp || lastMomentMs === undefined) return piece;
    if (writtenAtMs < lastMomentMs) return undefined;
    const data = piece.data ?? Buffer.alloc(0);
    if (writtenAtMs > lastMomentMs || toSkip === 0) {
      catchingUp = false;
      return piece;
    }
    const skipped = Math.min(toSkip, data.length);
    toSkip -= skipped;
    return skipped === data.length ? undefined : { ...piece, data: data.subarray(skipped), skippedBytes: 0 };
  }

  return {
    open(connection, options) {
      catchingUp = lastMomentMs !== undefined;
      toSkip = deliveredOfMoment;
      // What a tail left out was written before what it delivered: asking for all of it skips the same.
      const tailBytes = catchingUp ? 0 : request.tailBytes;
      return connection.tasks.Logs(
        {
          ...request,
          ...(attempt === undefined ? {} : { attempt }),
          ...(tailBytes === undefined ? {} : { tailBytes }),
        },
        options,
      );
    },
    accept(message) {
      // "The newest" must stay the one that it was.
      attempt ||= message.attempt;
      const piece = skipDelivered(message);
      if (piece === undefined) return undefined;
      const writtenAtMs = piece.writtenAtMs ?? 0;
      deliveredOfMoment = (writtenAtMs === lastMomentMs ? deliveredOfMoment : 0) + (piece.data?.length ?? 0);
      lastMomentMs = writtenAtMs;
      return piece;
    },
    complete: (endedByServer) => endedByServer,
    restart: () => false,
  };
}
