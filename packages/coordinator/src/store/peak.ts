/**
 * The highest minute of an hour in one byte, as a multiple of the hour's average. Of 60 numbers that are not negative, the
 * highest is at most 60 times their average, so 254 steps of 1/43 of a power of two reach (43 · log2 60 = 254): off by 0.8 % at
 * most.
 */
const stepsPerDoubling = 43;
const highestStep = 254;

/** @param highest at least `average`, and at most 60 times as much */
export function writePeak(buffer: Buffer, offset: number, average: number, highest: number): void {
  const ratio = average > 0 ? Math.max(1, highest / average) : 1;
  buffer.writeUInt8(Math.min(highestStep, Math.round(stepsPerDoubling * Math.log2(ratio))), offset);
}

export function readPeak(buffer: Buffer, offset: number, average: number): number {
  return average * 2 ** (buffer.readUInt8(offset) / stepsPerDoubling);
}
