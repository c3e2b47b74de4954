/** From Redis' answers to those of the port. */
import { ReplyError } from "ioredis";
import type { AcquireResult, CommitResult, Lease } from "../store.ts";

/** Whether Redis answered, and the answer was an error. */
export function isReplyError(error: unknown): error is Error {
  return error instanceof ReplyError;
}

/** The answer of `acquire.lua`. */
export function acquireResult(reply: unknown): AcquireResult {
  const [kind, first, second, third, serverId = ""] = strings(reply);
  switch (kind) {
    case "acquired":
      return { kind, lineage: first ?? "", position: { epoch: Number(second), sequence: Number(third) }, serverId };
    case "held":
      return { kind, lease: leaseOf(first ?? "") };
    case "epochTooLow":
      return { kind, highestEpoch: Number(first) };
    case "empty":
      return { kind };
    default:
      throw unexpected(reply);
  }
}

/** The answer of `commit.lua`. */
export function commitResult(reply: unknown): CommitResult {
  const [kind, epoch, positionEpoch, sequence] = strings(reply);
  switch (kind) {
    case "committed":
      return { kind };
    case "refused":
      return {
        kind,
        epoch: Number(epoch),
        position: { epoch: Number(positionEpoch), sequence: Number(sequence) },
      };
    default:
      throw unexpected(reply);
  }
}

/** The text of the lease's key. */
export function leaseOf(text: string): Lease {
  const [epoch, holderId, holderAddress] = text.split("\t");
  if (holderId === undefined || holderAddress === undefined) throw unexpected(text);
  return { epoch: Number(epoch), holderId, holderAddress };
}

function strings(reply: unknown): readonly string[] {
  if (!Array.isArray(reply)) throw unexpected(reply);
  return reply;
}

function unexpected(reply: unknown): Error {
  return new Error(`Redis holds or answered what this version does not write: ${JSON.stringify(reply)?.slice(0, 200)}`);
}
