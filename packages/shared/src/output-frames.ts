/**
 * The frames in which a supervisor keeps what a task writes: both streams in one file, in the order and with the time of
 * their arrival. A frame is 1 byte stream (1 stdout, 2 stderr), 8 bytes Unix ms, 4 bytes length (both little-endian), and the
 * bytes. The tail that comes with an attempt's last report is a sequence of whole frames.
 */

export interface OutputFrame {
  readonly stream: "stdout" | "stderr";
  readonly writtenAtMs: number;
  readonly data: Buffer;
}

export const frameHeaderBytes = 13;

/** The whole frames at the beginning of `bytes`, and how many bytes they take; the rest is the beginning of another. */
export function decodeFrames(bytes: Buffer): { frames: OutputFrame[]; consumedBytes: number } {
  const frames: OutputFrame[] = [];
  let at = 0;
  while (at + frameHeaderBytes <= bytes.length) {
    const length = bytes.readUInt32LE(at + 9);
    const end = at + frameHeaderBytes + length;
    if (end > bytes.length) break;
    frames.push({
      stream: bytes[at] === 2 ? "stderr" : "stdout",
      writtenAtMs: Number(bytes.readBigUInt64LE(at + 1)),
      data: bytes.subarray(at + frameHeaderBytes, end),
    });
    at = end;
  }
  return { frames, consumedBytes: at };
}
