/**
 * The supervisor's frames: 1 byte stream (1 stdout, 2 stderr), 8 bytes unix ms, 4 bytes length, data; little-endian. A
 * frame of stream 0 holds 8 bytes: how many bytes are missing at this place.
 */

export const frameHeaderBytes = 13;
/** A frame's data is never longer. */
export const maxFrameDataBytes = 64 * 1024;

export interface OutputFrame {
  readonly stream: "stdout" | "stderr" | "gap";
  readonly writtenAtMs: number;
  /** Empty for a gap. */
  readonly data: Buffer;
  /** Of a gap. */
  readonly missingBytes: number;
}

/** A run of one stream's bytes, in the order of writing. */
export interface OutputPiece {
  readonly stream: "stdout" | "stderr";
  readonly writtenAtMs: number;
  /** At most 64 KiB; empty only when bytes are missing at the very end. */
  readonly data: Buffer;
  /** Bytes that the task wrote right before these and that were not kept. */
  readonly skippedBytes: number;
}

const streams = ["gap", "stdout", "stderr"] as const;

/**
 * The frame that begins at `offset`; null when it is not there as a whole.
 *
 * @throws Error when the bytes are not a frame.
 */
export function frameAt(buffer: Buffer, offset: number): { frame: OutputFrame; end: number } | null {
  if (buffer.length - offset < frameHeaderBytes) return null;
  const stream = streams[buffer.readUInt8(offset)];
  const length = buffer.readUInt32LE(offset + 9);
  if (stream === undefined || length > maxFrameDataBytes || (stream === "gap" && length !== 8)) {
    throw new Error(`damaged output: no frame at byte ${offset} of a piece`);
  }
  const begin = offset + frameHeaderBytes;
  const end = begin + length;
  if (end > buffer.length) return null;
  const writtenAtMs = Number(buffer.readBigUInt64LE(offset + 1));
  if (stream !== "gap")
    return { frame: { stream, writtenAtMs, data: buffer.subarray(begin, end), missingBytes: 0 }, end };
  const missingBytes = Number(buffer.readBigUInt64LE(begin));
  return { frame: { stream, writtenAtMs, data: Buffer.alloc(0), missingBytes }, end };
}

export function encodeFrame(frame: OutputFrame): Buffer {
  const data = frame.stream === "gap" ? Buffer.alloc(8) : frame.data;
  if (frame.stream === "gap") data.writeBigUInt64LE(BigInt(frame.missingBytes));
  const header = Buffer.allocUnsafe(frameHeaderBytes);
  header.writeUInt8(streams.indexOf(frame.stream), 0);
  header.writeBigUInt64LE(BigInt(frame.writtenAtMs), 1);
  header.writeUInt32LE(data.length, 9);
  return Buffer.concat([header, data]);
}

export function gapFrame(missingBytes: number, writtenAtMs: number): OutputFrame {
  return { stream: "gap", writtenAtMs, data: Buffer.alloc(0), missingBytes };
}

/** How many of the task's bytes a frame stands for. */
export function frameBytes(frame: OutputFrame): number {
  return frame.data.length + frame.missingBytes;
}

export function encodedFrameBytes(frame: OutputFrame): number {
  return frameHeaderBytes + (frame.stream === "gap" ? 8 : frame.data.length);
}

/** The frame without the first so many of the task's bytes. */
export function withoutBeginning(frame: OutputFrame, bytes: number): OutputFrame {
  if (bytes === 0) return frame;
  if (frame.stream === "gap") return { ...frame, missingBytes: Math.max(0, frame.missingBytes - bytes) };
  return { ...frame, data: frame.data.subarray(bytes) };
}

/** Turns frames into pieces: a gap becomes the next piece's `skippedBytes`. */
export class PieceMaker {
  #skippedBytes = 0;
  #gapAtMs = 0;

  take(frame: OutputFrame): OutputPiece | null {
    if (frame.stream === "gap") {
      this.#skippedBytes += frame.missingBytes;
      this.#gapAtMs = frame.writtenAtMs;
      return null;
    }
    const skippedBytes = this.#skippedBytes;
    this.#skippedBytes = 0;
    return { stream: frame.stream, writtenAtMs: frame.writtenAtMs, data: frame.data, skippedBytes };
  }

  /** What is missing after the last piece, if anything. */
  finish(): OutputPiece | null {
    if (this.#skippedBytes === 0) return null;
    return { stream: "stdout", writtenAtMs: this.#gapAtMs, data: Buffer.alloc(0), skippedBytes: this.#skippedBytes };
  }
}

/**
 * The pieces in a buffer of whole frames, such as an attempt report's `output_tail`.
 *
 * @throws Error when it is not one.
 */
export function decodeFrames(buffer: Buffer): OutputPiece[] {
  const maker = new PieceMaker();
  const pieces: (OutputPiece | null)[] = [];
  for (let at = 0; at < buffer.length; ) {
    const next = frameAt(buffer, at);
    if (next === null) throw new Error("damaged output: it ends inside a frame");
    pieces.push(maker.take(next.frame));
    at = next.end;
  }
  pieces.push(maker.finish());
  return pieces.filter((piece) => piece !== null);
}
