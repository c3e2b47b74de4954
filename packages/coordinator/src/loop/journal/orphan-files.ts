/** Orphans on disk: a file for each, there whole or not at all. */
import { open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Orphan } from "../journal.ts";

const position = z.object({ epoch: z.number(), sequence: z.number() });
const shape = z.object({ id: z.string(), lineage: z.string(), fork: position, end: position, count: z.number() });
const prefix = "orphan-";
const suffix = ".records";

/** The first line describes it, each further one is a record. @throws Error of the file system */
export async function writeOrphan(folder: string, { lines, ...rest }: Orphan): Promise<void> {
  const path = pathOf(folder, rest.id);
  const file = await open(`${path}.new`, "w");
  try {
    await file.writeFile(`${[JSON.stringify({ ...rest, count: lines.length }), ...lines].join("\n")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(folder);
}

/** @throws Error that names the file when one cannot be understood */
export async function readOrphans(folder: string): Promise<Orphan[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix) && name.endsWith(suffix));
  return Promise.all(names.map((name) => readOrphan(join(folder, name))));
}

export async function removeOrphan(folder: string, id: string): Promise<void> {
  await rm(pathOf(folder, id), { force: true });
}

/** Makes names that were added or removed survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readOrphan(path: string): Promise<Orphan> {
  const [first = "", ...rest] = (await readFile(path, "utf8")).split("\n");
  try {
    const { count, ...described } = shape.parse(JSON.parse(first));
    const lines = rest.slice(0, -1);
    if (lines.length !== count) throw new Error(`it holds ${lines.length} records of ${count}`);
    return { ...described, lines };
  } catch (error) {
    throw new Error(`${path} is damaged; move it away to go on without it`, { cause: error });
  }
}

/** An id is made of a lineage and numbers: letters, digits, "_", "-" and ".". */
function pathOf(folder: string, id: string): string {
  return join(folder, `${prefix}${id}${suffix}`);
}
