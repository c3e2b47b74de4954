/** What every implementation asks of a batch and of the numbers that it is given, before storage sees them. */
import type { Batch } from "./store.ts";

/** @throws RangeError */
export function requireWhole(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${name} must be a whole number from 0 to 2^53 - 1, not ${value}`);
  }
}

/** @throws RangeError */
export function requireBatch(batch: Batch): void {
  requireWhole("epoch", batch.epoch);
  requireWhole("sequence", batch.sequence);
  requireWhole("previous.epoch", batch.previous.epoch);
  requireWhole("previous.sequence", batch.previous.sequence);
  if (batch.sequence !== batch.previous.sequence + 1) {
    throw new RangeError(`sequence ${batch.sequence} does not follow ${batch.previous.sequence}`);
  }
  if (batch.id === "") throw new RangeError("a batch needs an id");
}
