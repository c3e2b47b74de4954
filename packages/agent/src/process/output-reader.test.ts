import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  decodeFrames,
  encodeFrame,
  gapFrame,
  type OutputFrame,
  type OutputPiece,
} from "@holdfast/shared/output-frame.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ReadOutputOptions, readOutput, readTail } from "./output-reader.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-output-"));
  writeFileSync(join(folder, "record"), "{}\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function frame(text: string, stream: "stdout" | "stderr" = "stdout"): OutputFrame {
  return { stream, writtenAtMs: 1_000, data: Buffer.from(text), missingBytes: 0 };
}

function segment(startBytes: number, ...frames: OutputFrame[]): Buffer {
  const header = Buffer.alloc(8);
  header.writeBigUInt64LE(BigInt(startBytes));
  return Buffer.concat([header, ...frames.map(encodeFrame)]);
}

function write(name: string, bytes: Buffer): void {
  writeFileSync(join(folder, name), bytes);
}

function end(): void {
  writeFileSync(join(folder, "record"), '{}\n{"kind":"ended","signal":0}\n');
}

const short = ({ stream, data, skippedBytes }: OutputPiece) => `${stream} ${skippedBytes} ${data}`;

async function read(options: Partial<ReadOutputOptions> = {}): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of readOutput(folder, { tailBytes: 0, follow: false, ...options })) pieces.push(short(piece));
  return pieces;
}

test("no output is no pieces", async () => {
  expect(await read()).toEqual([]);
  expect(await readTail(folder, 100)).toHaveLength(0);
});

test("segments are read in order, and what came before the first is counted", async () => {
  write("output.old", segment(10, frame("abc"), frame("de", "stderr")));
  write("output", segment(15, frame("fgh")));
  expect(await read()).toEqual(["stdout 10 abc", "stderr 0 de", "stdout 0 fgh"]);
});

test("what a full disk did not take is counted where it is missing, also at the end", async () => {
  write("output", segment(0, frame("a"), gapFrame(5, 2_000), frame("b"), gapFrame(7, 3_000)));
  expect(await read()).toEqual(["stdout 0 a", "stdout 5 b", "stdout 7 "]);
});

test("a frame that is not written to its end is not read", async () => {
  write("output", Buffer.concat([segment(0, frame("abc")), encodeFrame(frame("defg")).subarray(0, -1)]));
  expect(await read()).toEqual(["stdout 0 abc"]);
});

test("a tail begins at the exact byte", async () => {
  write("output.old", segment(10, frame("abc"), frame("de", "stderr")));
  write("output", segment(15, frame("fgh")));
  expect(await read({ tailBytes: 4 })).toEqual(["stderr 0 e", "stdout 0 fgh"]);
  expect(await read({ tailBytes: 1_000 })).toEqual(["stdout 10 abc", "stderr 0 de", "stdout 0 fgh"]);
});

test("readTail gives whole frames within its bound, the newest, after a gap", async () => {
  const frames = Array.from({ length: 100 }, (_, index) => frame(`line ${index}\n`));
  write("output", segment(0, ...frames));
  const tail = await readTail(folder, 200);
  expect(tail.length).toBeLessThanOrEqual(200);
  const pieces = decodeFrames(tail);
  expect(pieces.at(-1)?.data.toString()).toBe("line 99\n");
  const keptBytes = pieces.reduce((total, piece) => total + piece.data.length, 0);
  const allBytes = frames.reduce((total, one) => total + one.data.length, 0);
  expect((pieces[0]?.skippedBytes ?? 0) + keptBytes).toBe(allBytes);
});

test("readTail cuts a frame that is larger than its bound", async () => {
  write("output", segment(0, frame(`${"x".repeat(60_000)}end`)));
  const tail = await readTail(folder, 16_384);
  expect(tail.length).toBe(16_384);
  const [piece] = decodeFrames(tail);
  expect(piece?.data.toString().endsWith("xend")).toBe(true);
  expect((piece?.skippedBytes ?? 0) + (piece?.data.length ?? 0)).toBe(60_003);
});

test("bytes that are no frames are an error that says so", async () => {
  write("output", Buffer.concat([segment(0), Buffer.alloc(40, 0xff)]));
  await expect(read()).rejects.toThrow("damaged output");
  expect(() => decodeFrames(Buffer.from([1, 2, 3]))).toThrow("damaged output: it ends inside a frame");
});

test("following goes on through rotations until the attempt has ended", async () => {
  write("output", segment(0, frame("a")));
  const seen: string[] = [];
  for await (const piece of readOutput(folder, { tailBytes: 0, follow: true })) {
    seen.push(short(piece));
    switch (piece.data.toString()) {
      case "a":
        await appendFile(join(folder, "output"), encodeFrame(frame("b")));
        break;
      case "b":
        // Written after the reader has looked, and rotated away at once.
        await appendFile(join(folder, "output"), encodeFrame(frame("c")));
        renameSync(join(folder, "output"), join(folder, "output.old"));
        write("output", segment(3, frame("d")));
        break;
      case "d":
        // Two rotations at once: the segment in between is gone.
        write("output.old", segment(6, frame("f")));
        write("output", segment(7, frame("g")));
        end();
        break;
    }
  }
  expect(seen).toEqual(["stdout 0 a", "stdout 0 b", "stdout 0 c", "stdout 0 d", "stdout 2 f", "stdout 0 g"]);
});

test("a follower can leave", async () => {
  write("output", segment(0, frame("a")));
  const abort = new AbortController();
  const pieces: string[] = [];
  for await (const piece of readOutput(folder, { tailBytes: 0, follow: true, signal: abort.signal })) {
    pieces.push(short(piece));
    abort.abort();
  }
  expect(pieces).toEqual(["stdout 0 a"]);
});
