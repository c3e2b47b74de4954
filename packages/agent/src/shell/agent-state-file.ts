/** `agent-state.json` in the data folder: what the agent must remember beyond its attempts. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import * as v from "valibot";
import { writeDurably } from "./durable-file.ts";

const schema = v.object({
  version: v.literal(1),
  /** Nothing of a lower one is obeyed. */
  highestEpoch: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** 0: none has been met. @throws HoldfastError (failedPrecondition) when the file is not what it must be */
export async function readHighestEpoch(dataDir: string): Promise<number> {
  const path = join(dataDir, "agent-state.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
  try {
    return v.parse(schema, JSON.parse(text)).highestEpoch;
  } catch (cause) {
    const remedy = "restore it, or, if no older leader can be alive, delete it";
    throw new HoldfastError("failedPrecondition", `${path} is damaged: ${remedy}`, { cause });
  }
}

export async function writeHighestEpoch(dataDir: string, highestEpoch: number): Promise<void> {
  await writeDurably(join(dataDir, "agent-state.json"), `${JSON.stringify({ version: 1, highestEpoch })}\n`);
}
