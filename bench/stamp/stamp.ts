/** Tasks that tell themselves when they started: `stamp.c`, compiled for one run of a benchmark. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** @returns the program's path. @throws Error when there is no C compiler */
export async function buildStamp(folder: string): Promise<string> {
  const program = join(folder, "stamp");
  const source = fileURLToPath(new URL("./stamp.c", import.meta.url));
  const compiler = process.env["CC"] ?? "cc";
  await promisify(execFile)(compiler, ["-O2", "-static", "-o", program, source]);
  return program;
}

/** When the task that stamps this file was started, each time, on the steady clock. */
export async function readStamps(file: string): Promise<readonly number[]> {
  try {
    const lines = (await readFile(file, "utf8")).split("\n");
    return lines.filter((line) => line !== "").map((line) => Number(line) / 1e6);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
