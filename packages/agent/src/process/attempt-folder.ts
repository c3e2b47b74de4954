/**
 * The attempts on this node's disk: `attempts/<taskId>.<attempt>/`, made exclusively, so that whoever makes the folder
 * decides what becomes of the attempt.
 *
 *   record       the order, the start, the end (see attempt-record.ts)
 *   lease        of an exclusive one: until when it may run (see lease-file.ts)
 *   tombstone    instead of a record: this attempt must never start; the text says why
 *   output, output.old, script, work/   see the supervisor's README
 */
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AttemptRecord, parseRecord } from "./attempt-record.ts";
import { isSupervisorAlive, signalProcess } from "./supervisor-process.ts";

export interface StoredAttempt extends AttemptRecord {
  /** `<taskId>.<attempt>` */
  readonly key: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly path: string;
  /** Why it must never start; null: it is no tombstone. */
  readonly tombstone: string | null;
}

/** signalled: the supervisor lived and got the signal; starting: it has not recorded its start yet, ask again. */
export type StopResult = "signalled" | "starting" | "ended" | "gone";

/** null when the name is not an attempt's. */
export function parseAttemptKey(key: string): { taskId: string; attempt: number } | null {
  const match = /^([A-Za-z0-9_-]+)\.([1-9][0-9]{0,8})$/.exec(key);
  return match === null ? null : { taskId: match[1] as string, attempt: Number(match[2]) };
}

function ifMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return value;
    throw error;
  };
}

export async function readRecord(path: string): Promise<AttemptRecord> {
  return parseRecord(await readFile(join(path, "record"), "utf8").catch(ifMissing("")));
}

export class AttemptFolders {
  readonly #root: string;

  /** `root` is the folder `attempts`; it is made, open to passage for tasks that run as other users. */
  static async open(root: string): Promise<AttemptFolders> {
    await mkdir(root, { recursive: true, mode: 0o711 });
    return new AttemptFolders(root);
  }

  private constructor(root: string) {
    this.#root = root;
  }

  pathOf(key: string): string {
    return join(this.#root, key);
  }

  /** Keys of all attempts on disk; other names are left alone. */
  async keys(): Promise<string[]> {
    return (await readdir(this.#root)).filter((name) => parseAttemptKey(name) !== null);
  }

  /** null when there is no such folder. */
  async read(key: string): Promise<StoredAttempt | null> {
    const path = this.pathOf(key);
    const name = parseAttemptKey(key);
    if (name === null) return null;
    const record = await readRecord(path);
    if (record.order !== null) return { ...record, ...name, key, path, tombstone: null };
    const tombstone = await readFile(join(path, "tombstone"), "utf8").catch(ifMissing(null));
    const exists = tombstone !== null || (await stat(path).then(() => true, ifMissing(false)));
    return exists ? { ...record, ...name, key, path, tombstone } : null;
  }

  /** All attempts on disk, in the order of their keys, 64 at a time. */
  async scan(): Promise<StoredAttempt[]> {
    const keys = (await this.keys()).sort();
    const found: StoredAttempt[] = [];
    for (let at = 0; at < keys.length; at += 64) {
      const attempts = await Promise.all(keys.slice(at, at + 64).map((key) => this.read(key)));
      found.push(...attempts.filter((attempt) => attempt !== null));
    }
    return found;
  }

  /**
   * Makes sure that an attempt which is not here can never start: a start that arrives later finds the folder. False
   * when the folder exists already.
   */
  async bury(key: string, reason: string): Promise<boolean> {
    try {
      await mkdir(this.pathOf(key), { mode: 0o711 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
    await writeFile(join(this.pathOf(key), "tombstone"), reason);
    return true;
  }

  /**
   * term: the task's stop signal and, after its grace, SIGKILL; kill: SIGKILL now. The supervisor's identity is checked
   * right before it is signalled.
   */
  async stop(key: string, how: "term" | "kill"): Promise<StopResult> {
    const { order, started, ended } = await readRecord(this.pathOf(key));
    if (ended !== null) return "ended";
    if (started === null) return order === null ? "gone" : "starting";
    if (!isSupervisorAlive(started)) return "gone";
    return signalProcess(started.supervisorPid, how === "term" ? "SIGTERM" : "SIGUSR1") ? "signalled" : "gone";
  }

  async delete(key: string): Promise<void> {
    await rm(this.pathOf(key), { recursive: true, force: true });
  }

  /** Bytes that an attempt's own files take (not those in its working directory). */
  async sizeBytes(key: string): Promise<number> {
    const sizes = ["record", "output", "output.old", "script"].map((name) =>
      stat(join(this.pathOf(key), name)).then((file) => file.size, ifMissing(0)),
    );
    return (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
  }
}
