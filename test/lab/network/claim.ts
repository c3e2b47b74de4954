/**
 * A number that is one lab's alone on this machine: it is in the names of its namespaces and in its addresses, so that
 * labs that run at the same time do not meet. Each claim has a keeper, a process that clears the lab away; a claim whose
 * keeper is dead was abandoned, and is cleared away by whoever finds it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isAlive, processStatus } from "@holdfast/cli/up/process-identity.ts";

const claims = "/run/holdfast-lab";
const keeperScript = fileURLToPath(new URL("keeper.sh", import.meta.url));
/** As many as fit in one byte of an address. */
const maxLabs = 256;
/** A claim without a keeper is one that is just being made, unless it is so old. */
const claimingMs = 10_000;

export class Claim {
  /** 0 to 255. */
  readonly number: number;
  readonly #keeper: ChildProcess;

  private constructor(number: number, keeper: ChildProcess) {
    this.number = number;
    this.#keeper = keeper;
  }

  /** @param folder what else is to be removed with the lab */
  static async make(folder: string): Promise<Claim> {
    mkdirSync(claims, { recursive: true });
    await clearAbandoned();
    for (let number = 0; number < maxLabs; number += 1) {
      if (!isNew(join(claims, String(number)))) continue;
      const keeper = startKeeper(number, folder);
      await once(keeper, "spawn");
      writeFileSync(join(claims, String(number), "keeper"), JSON.stringify(processStatus(keeper.pid ?? 0)));
      // The folder is what the next one to clear away has to know, should the keeper die.
      writeFileSync(join(claims, String(number), "folder"), folder);
      return new Claim(number, keeper);
    }
    throw new Error(`${maxLabs} labs run on this machine already; see ${claims}`);
  }

  /** Begins the names of all namespaces of this lab. */
  get prefix(): string {
    return prefixOf(this.number);
  }

  /** Resolves when nothing of the lab is left. @param keepFolder but for its folder */
  async release(keepFolder: boolean): Promise<void> {
    if (this.#keeper.exitCode !== null || this.#keeper.signalCode !== null) return;
    const exited = once(this.#keeper, "exit");
    this.#keeper.stdin?.end(keepFolder ? "keep\n" : "");
    await exited;
  }
}

function prefixOf(number: number): string {
  return `hf${number}-`;
}

function isNew(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** In a session of its own, so that Ctrl-C at the terminal does not reach it. */
function startKeeper(number: number, folder: string): ChildProcess {
  return spawn("sh", [keeperScript, prefixOf(number), join(claims, String(number)), folder], {
    detached: true,
    stdio: ["pipe", "ignore", "inherit"],
  });
}

async function clearAbandoned(): Promise<void> {
  const numbers = readdirSync(claims).filter((name) => /^\d+$/.test(name));
  await Promise.all(numbers.filter((name) => isAbandoned(join(claims, name))).map((name) => clear(Number(name))));
}

async function clear(number: number): Promise<void> {
  const keeper = startKeeper(number, read(join(claims, String(number), "folder")) ?? "");
  const exited = once(keeper, "exit");
  keeper.stdin?.end();
  await exited;
}

function isAbandoned(folder: string): boolean {
  const keeper = read(join(folder, "keeper"));
  if (keeper !== null) return !isAlive(JSON.parse(keeper));
  const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  return age > claimingMs;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
