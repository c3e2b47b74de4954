/**
 * One file of an attempt's output. It begins with 8 bytes that say how many bytes the task had written before it, and
 * is only appended to; at half of the output limit the supervisor renames `output` to `output.old` and begins anew.
 */
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { frameAt, frameHeaderBytes, maxFrameDataBytes, type OutputFrame } from "@holdfast/shared/output-frame.ts";

const segmentHeaderBytes = 8;
const readBytes = 2 * (maxFrameDataBytes + frameHeaderBytes);

export class OutputSegment {
  /** Bytes that the task had written before this segment; also names the segment. */
  readonly startBytes: number;
  readonly #handle: FileHandle;
  #position = segmentHeaderBytes;

  private constructor(handle: FileHandle, startBytes: number) {
    this.#handle = handle;
    this.startBytes = startBytes;
  }

  /** null when there is no such file, or not yet its beginning. */
  static async open(path: string): Promise<OutputSegment | null> {
    const handle = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (handle === null) return null;
    const header = Buffer.alloc(segmentHeaderBytes);
    const { bytesRead } = await handle.read(header, 0, segmentHeaderBytes, 0);
    if (bytesRead === segmentHeaderBytes) return new OutputSegment(handle, Number(header.readBigUInt64LE()));
    await handle.close();
    return null;
  }

  /** The next whole frames; none at the (present) end. Their data lives in a buffer of their own. */
  async read(): Promise<OutputFrame[]> {
    const buffer = Buffer.allocUnsafe(readBytes);
    const { bytesRead } = await this.#handle.read(buffer, 0, readBytes, this.#position);
    const bytes = buffer.subarray(0, bytesRead);
    const frames: OutputFrame[] = [];
    let at = 0;
    // A frame that is not there as a whole is read again from its beginning: it may be taken back on a full disk.
    for (let next = frameAt(bytes, at); next !== null; next = frameAt(bytes, at)) {
      frames.push(next.frame);
      at = next.end;
    }
    this.#position += at;
    return frames;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/**
 * The oldest segment that begins at or after that many bytes of output; null when there is none (yet).
 *
 * `output` is opened first: a rotation in between then only shows the same segment twice, while the other way round a
 * segment could be missed.
 */
export async function openSegmentFrom(folder: string, fromBytes: number): Promise<OutputSegment | null> {
  const newer = await OutputSegment.open(join(folder, "output"));
  const older = await OutputSegment.open(join(folder, "output.old"));
  const inOrder = [older, newer].filter((segment) => segment !== null);
  inOrder.sort((a, b) => a.startBytes - b.startBytes);
  const chosen = inOrder.find((segment) => segment.startBytes >= fromBytes) ?? null;
  for (const segment of inOrder) if (segment !== chosen) await segment.close();
  return chosen;
}
