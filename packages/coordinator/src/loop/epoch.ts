/**
 * Epochs never repeat and never fall, even after the store has lost its last writes: a new one is above all that are known,
 * above the wall clock, and its low digits are the coordinator's own number, so that no two coordinators can make the same.
 */

/** Coordinators are numbered 0 to 999. */
const coordinatorNumbers = 1_000;

/** @param highest the highest epoch that is known from anywhere */
export function nextEpoch(highest: number, wallMs: number, coordinatorNumber: number): number {
  const era = Math.max(Math.floor(highest / coordinatorNumbers) + 1, Math.floor(wallMs));
  return era * coordinatorNumbers + coordinatorNumber;
}
