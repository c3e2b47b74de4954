/** Reads an attempt's output: all that is kept, its end, or on and on until the attempt has ended. */

import {
  encodedFrameBytes,
  encodeFrame,
  frameBytes,
  gapFrame,
  type OutputFrame,
  type OutputPiece,
  PieceMaker,
  withoutBeginning,
} from "@holdfast/shared/output-frame.ts";
import { readRecord } from "./attempt-folder.ts";
import { FolderChanges } from "./folder-changes.ts";
import { type OutputSegment, openSegmentFrom } from "./output-segment.ts";

export interface ReadOutputOptions {
  /** Only the last so many bytes of what is there now (and what follows); 0: from the oldest that is kept. */
  readonly tailBytes: number;
  /** Go on until the attempt has ended. */
  readonly follow: boolean;
  /** Ends the reading early, without an error. */
  readonly signal?: AbortSignal;
}

/**
 * The output in the order of writing, in pieces of at most 64 KiB. A folder without output gives nothing.
 *
 * @throws Error of the file system, or when a file is damaged.
 */
export async function* readOutput(folder: string, options: ReadOutputOptions): AsyncGenerator<OutputPiece> {
  const fromBytes = options.tailBytes > 0 ? (await endOfOutput(folder)) - options.tailBytes : 0;
  const maker = new PieceMaker();
  let beginBytes = 0;
  for await (const frame of readFrames(folder, options.follow, options.signal)) {
    const before = Math.max(0, fromBytes - beginBytes);
    beginBytes += frameBytes(frame);
    if (beginBytes <= fromBytes) continue;
    const piece = maker.take(withoutBeginning(frame, before));
    if (piece !== null) yield piece;
  }
  const rest = maker.finish();
  if (rest !== null) yield rest;
}

/**
 * The end of what is there now: whole frames of at most `maxBytes` with their headers, the first of them a gap when
 * something came before. Decode with decodeFrames.
 */
export async function readTail(folder: string, maxBytes: number): Promise<Buffer> {
  const gapBytes = encodedFrameBytes(gapFrame(0, 0));
  const kept: OutputFrame[] = [];
  let keptBytes = 0;
  let skippedBytes = 0;
  for await (const frame of readFrames(folder, false)) {
    const fitting = withoutBeginning(frame, Math.max(0, encodedFrameBytes(frame) + gapBytes - maxBytes));
    skippedBytes += frameBytes(frame) - frameBytes(fitting);
    kept.push(fitting);
    keptBytes += encodedFrameBytes(fitting);
    while (keptBytes + gapBytes > maxBytes) {
      const dropped = kept.shift() as OutputFrame;
      keptBytes -= encodedFrameBytes(dropped);
      skippedBytes += frameBytes(dropped);
    }
  }
  if (skippedBytes > 0) kept.unshift(gapFrame(skippedBytes, kept[0]?.writtenAtMs ?? 0));
  return Buffer.concat(kept.map(encodeFrame));
}

async function endOfOutput(folder: string): Promise<number> {
  let bytes = 0;
  for await (const frame of readFrames(folder, false)) bytes += frameBytes(frame);
  return bytes;
}

/** Every frame that is kept, from the oldest; what is missing before and between segments comes as gaps. */
async function* readFrames(folder: string, follow: boolean, signal?: AbortSignal): AsyncGenerator<OutputFrame> {
  using changes = follow ? new FolderChanges(folder, signal) : null;
  let segment: OutputSegment | null = null;
  let readBytes = 0;
  try {
    for (;;) {
      // Asked before reading: what was written before the end is then certainly read.
      const last = changes === null || (await readRecord(folder)).ended !== null;
      for (let more = true; more; ) {
        // In this order: once there is a next segment, nothing is added to this one any more.
        const next = await openSegmentFrom(folder, segment === null ? 0 : segment.startBytes + 1);
        while (segment !== null) {
          const frames = await segment.read();
          if (frames.length === 0) break;
          for (const frame of frames) {
            readBytes += frameBytes(frame);
            yield frame;
          }
          if (signal?.aborted) return;
        }
        more = next !== null;
        if (next === null) break;
        await segment?.close();
        segment = next;
        if (next.startBytes > readBytes) yield gapFrame(next.startBytes - readBytes, 0);
        readBytes = Math.max(readBytes, next.startBytes);
      }
      if (last || signal?.aborted) return;
      await changes?.wait();
    }
  } finally {
    await segment?.close();
  }
}
