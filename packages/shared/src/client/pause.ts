/** Waiting that a caller can end. */
import { setTimeout as sleep } from "node:timers/promises";
import { HoldfastError } from "../errors.ts";

/** @throws HoldfastError cancelled when the signal is, or becomes, aborted */
export async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(durationMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw cancelledByCaller(error);
  }
}

export function cancelledByCaller(cause?: unknown): HoldfastError {
  return new HoldfastError("cancelled", "the call was cancelled by its caller", { cause });
}
