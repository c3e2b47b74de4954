/** What the tests of this folder share: the real binary, a node's folders, and starts with sensible defaults. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AttemptFolders, type StoredAttempt } from "./attempt-folder.ts";
import type { EndedRecord, StartedRecord } from "./attempt-record.ts";
import { Launcher } from "./launcher.ts";
import type { LauncherEvent } from "./launcher-event.ts";
import { readOutput } from "./output-reader.ts";
import type { StartRequest } from "./start-frame.ts";

const packageFolder = fileURLToPath(new URL("../../../supervisor", import.meta.url));

/** Path of the binary, compiled first when it is missing or older than its sources. */
export function supervisorBinary(): string {
  const binary = join(packageFolder, "build/holdfast-supervisor");
  const sources = readdirSync(join(packageFolder, "src")).map((name) => join(packageFolder, "src", name));
  const newest = Math.max(...sources.map((path) => statSync(path).mtimeMs));
  const built = statSync(binary, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built < newest) execFileSync(join(packageFolder, "build.sh"), { stdio: "pipe" });
  return binary;
}

/** A node's state folder with a launcher. Everything it started is killed when it is disposed of. */
export class TestNode implements AsyncDisposable {
  readonly state: string;
  readonly folders: AttemptFolders;
  readonly events: LauncherEvent[] = [];
  readonly restarts: string[] = [];
  launcher!: Launcher;
  #waiting = new Set<() => void>();

  static async open(): Promise<TestNode> {
    const state = mkdtempSync(join(tmpdir(), "holdfast-process-"));
    chmodSync(state, 0o711);
    const node = new TestNode(state, await AttemptFolders.open(join(state, "attempts")));
    await node.openLauncher();
    return node;
  }

  private constructor(state: string, folders: AttemptFolders) {
    this.state = state;
    this.folders = folders;
  }

  async openLauncher(): Promise<void> {
    this.launcher = await Launcher.open({
      binary: supervisorBinary(),
      stateFolder: this.state,
      restartDelayMs: 10,
      onEvent: (event) => {
        this.events.push(event);
        for (const look of this.#waiting) look();
      },
      onRestart: (reason) => this.restarts.push(reason),
    });
  }

  request(key: string, argv: readonly string[], changes: Partial<StartRequest> = {}): StartRequest {
    return {
      key,
      folder: this.folders.pathOf(key),
      argv,
      environment: { PATH: "/usr/bin:/bin" },
      workingDirectory: "",
      standardInput: Buffer.alloc(0),
      script: Buffer.alloc(0),
      user: null,
      outputLimitBytes: 1024 * 1024,
      timeoutMs: 0,
      stopSignal: 15,
      stopGraceMs: 5_000,
      cgroupProcs: [],
      leaseUntilBootMs: null,
      order: JSON.stringify({ key }),
      ...changes,
    };
  }

  start(key: string, argv: readonly string[], changes: Partial<StartRequest> = {}): void {
    this.launcher.start(this.request(key, argv, changes));
  }

  /** The first event of one of the kinds for a key, past or to come. */
  async event(key: string, ...kinds: LauncherEvent["kind"][]): Promise<LauncherEvent> {
    const find = () => this.events.find((event) => event.key === key && kinds.includes(event.kind));
    const found = find();
    if (found !== undefined) return found;
    const { promise, resolve } = Promise.withResolvers<LauncherEvent>();
    const look = () => {
      const event = find();
      if (event !== undefined) resolve(event);
    };
    this.#waiting.add(look);
    const event = await promise;
    this.#waiting.delete(look);
    return event;
  }

  async started(key: string): Promise<StartedRecord> {
    await this.event(key, "started");
    return (await this.stored(key)).started as StartedRecord;
  }

  async ended(key: string): Promise<EndedRecord> {
    await this.event(key, "ended");
    return (await this.stored(key)).ended as EndedRecord;
  }

  /** Starts a program and waits for its end. */
  async run(key: string, argv: readonly string[], changes: Partial<StartRequest> = {}): Promise<EndedRecord> {
    this.start(key, argv, changes);
    return this.ended(key);
  }

  /** Waits until the attempt has written a text in one go. */
  async written(key: string, text: string): Promise<void> {
    await this.event(key, "started");
    for await (const piece of readOutput(this.folders.pathOf(key), { tailBytes: 0, follow: true })) {
      if (piece.data.includes(text)) return;
    }
    throw new Error(`expected attempt ${key} to write ${JSON.stringify(text)} before its end`);
  }

  async stored(key: string): Promise<StoredAttempt> {
    const attempt = await this.folders.read(key);
    if (attempt === null) throw new Error(`expected a folder of attempt ${key}`);
    return attempt;
  }

  /** Pid of the launcher's process. */
  get launcherPid(): number {
    const pid = this.launcher.pid;
    if (pid === undefined) throw new Error("expected a running launcher");
    return pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.launcher.close();
    for (const { key, ended, started } of await this.folders.scan()) {
      if (started !== null && ended === null) await this.folders.stop(key, "kill");
    }
    rmSync(this.state, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Whether a process exists and is not a zombie. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Resolves when a process that is nobody's event to tell has gone. */
export async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await setImmediate();
}
