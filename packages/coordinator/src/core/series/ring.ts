/**
 * Numbers at even steps of time, of which the newest so many are kept, in a part of an array that others share: a node has
 * dozens of rings, and an object for each would weigh as much as what it holds. A step without a number is NaN.
 *
 * Goes by Unix time, so that steps of different coordinators and of what is stored are the same. A clock that is set back
 * empties a ring: what it holds would lie in the future.
 */
export interface RingPlace {
  readonly numbers: Float32Array;
  readonly from: number;
  readonly length: number;
}

/** Of a ring that holds nothing. */
export const noStep = -1;

export function clearRing({ numbers, from, length }: RingPlace): void {
  numbers.fill(Number.NaN, from, from + length);
}

/**
 * What was put into the same step before is replaced.
 *
 * @param newest the newest step that the ring holds
 * @returns the newest step that it holds now, which is this one
 */
export function putIntoRing(ring: RingPlace, newest: number, step: number, value: number): number {
  const { numbers, from, length } = ring;
  if (step < newest || step - newest >= length) clearRing(ring);
  else for (let gap = newest + 1; gap < step; gap += 1) numbers[from + (gap % length)] = Number.NaN;
  numbers[from + (step % length)] = value;
  return step;
}

/** NaN where nothing is kept. */
export function readRing({ numbers, from, length }: RingPlace, newest: number, step: number): number {
  if (step > newest || newest - step >= length) return Number.NaN;
  return numbers[from + (step % length)] ?? Number.NaN;
}
