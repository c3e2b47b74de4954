/**
 * The agent's end of the launcher: start frames go down its standard input, events come up the FIFO that it shares with
 * all its supervisors, also with those that an earlier launcher has started.
 *
 * A frame counts as pending until something is heard about its attempt. When the launcher dies it is started again and
 * gets the pending frames once more; the attempt's folder makes that harmless.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { type LauncherEvent, parseEvent } from "./launcher-event.ts";
import { encodeStartFrame, maxFrameBytes, type StartRequest } from "./start-frame.ts";

export interface LauncherOptions {
  /** Path of holdfast-supervisor. */
  readonly binary: string;
  /** Existing folder for the FIFO `events` and `launcher.lock`; absolute, one agent each. */
  readonly stateFolder: string;
  readonly onEvent: (event: LauncherEvent) => void;
  /** The launcher has died (text says how) and will be started again. */
  readonly onRestart: (reason: string) => void;
  /** Frames that may wait for an answer. Default 10,000. */
  readonly maxPending?: number;
  /** Bytes of the same. Default 64 MiB. */
  readonly maxPendingBytes?: number;
  /** Wait before a launcher that died is started again. Default 500. */
  readonly restartDelayMs?: number;
}

export class Launcher {
  readonly #options: LauncherOptions;
  /** By key, in the order in which they were asked for. */
  readonly #pending = new Map<string, Buffer>();
  #pendingBytes = 0;
  /** Pending frames that the present launcher has not been sent, because its pipe is full. */
  #unsent: Buffer[] = [];
  #process: ChildProcess | undefined;
  #bootTimeMs = 0;
  #events: Socket | undefined;
  #blocked = true;
  #closing = false;
  #restartTimer: NodeJS.Timeout | undefined;

  /**
   * Starts the launcher. When this resolves, no launcher of an earlier agent will start anything any more, so what is on
   * disk then is all there is.
   *
   * @throws HoldfastError unavailable when the launcher cannot work, with what it said.
   */
  static async open(options: LauncherOptions): Promise<Launcher> {
    const launcher = new Launcher(options);
    await launcher.#spawn();
    return launcher;
  }

  private constructor(options: LauncherOptions) {
    this.#options = options;
  }

  /**
   * Asks for an attempt to be started; what becomes of it is told as events. Asking again for a pending key does nothing.
   *
   * @throws HoldfastError resourceExhausted when too many starts wait, invalidArgument when the request is too large.
   */
  start(request: StartRequest): void {
    if (this.#pending.has(request.key)) return;
    const frame = encodeStartFrame(request);
    if (frame.length - 4 > maxFrameBytes) {
      throw new HoldfastError("invalidArgument", `start of ${request.key}: ${frame.length} bytes are above the limit`);
    }
    const { maxPending = 10_000, maxPendingBytes = 64 * 1024 ** 2 } = this.#options;
    if (this.#pending.size >= maxPending || this.#pendingBytes + frame.length > maxPendingBytes) {
      throw new HoldfastError("resourceExhausted", "too many starts wait for the launcher; try again later");
    }
    this.#pending.set(request.key, frame);
    this.#pendingBytes += frame.length;
    this.#unsent.push(frame);
    this.#send();
  }

  /** How many starts have not been answered. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /** Whether a start was asked for of which nothing has been heard. */
  isPending(key: string): boolean {
    return this.#pending.has(key);
  }

  /** Of the present launcher; undefined while there is none. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** A reading of CLOCK_BOOTTIME in ms, taken when the present launcher became ready: the clock that supervisors go by. */
  get bootTimeMs(): number {
    return this.#bootTimeMs;
  }

  /** Takes a start for answered: its event was lost, but the attempt's folder has told the outcome. */
  settle(key: string): void {
    const frame = this.#pending.get(key);
    if (frame === undefined) return;
    this.#pending.delete(key);
    this.#pendingBytes -= frame.length;
  }

  /** Ends the launcher. Supervisors and their tasks go on. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#restartTimer);
    const child = this.#process;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.stdin?.end();
      await exited;
    }
    this.#events?.destroy();
  }

  async #spawn(): Promise<void> {
    const { binary, stateFolder } = this.#options;
    const child = spawn(binary, ["launch", "--state", stateFolder], { stdio: "pipe", detached: true });
    this.#process = child;
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-1000);
    });
    // EPIPE: the launcher is dead, and its exit is told on its own.
    child.stdin.on("error", () => {});
    child.stdin.on("drain", () => {
      this.#blocked = false;
      this.#send();
    });
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string) => reject(new HoldfastError("unavailable", `the launcher ${binary} ${reason}`));
      child.once("error", (error) => fail(`cannot be started: ${error.message}`));
      child.once("exit", (code, signal) => fail(`ended (${signal ?? `exit code ${code}`}): ${complaint.trim()}`));
      child.stdout.once("data", (ready: Buffer) => {
        this.#bootTimeMs = Number(/^ready (\d+)/.exec(ready.toString())?.[1] ?? 0);
        resolve();
      });
    });
    child.once("exit", (code, signal) => {
      if (!this.#closing) this.#restart(`${signal ?? `exit code ${code}`} ${complaint.trim()}`.trim());
    });
    this.#events ??= this.#listen();
    this.#unsent = [...this.#pending.values()];
    this.#blocked = false;
    this.#send();
  }

  #restart(reason: string): void {
    this.#blocked = true;
    this.#options.onRestart(reason);
    this.#restartTimer = setTimeout(() => {
      this.#spawn().catch((error: HoldfastError) => {
        if (!this.#closing) this.#restart(error.message);
      });
    }, this.#options.restartDelayMs ?? 500);
  }

  #send(): void {
    if (this.#blocked || this.#unsent.length === 0) return;
    // One write for all that waits; the stream holds it when the pipe is full, and says so.
    const bytes = Buffer.concat(this.#unsent);
    this.#unsent = [];
    this.#blocked = this.#process?.stdin?.write(bytes) === false;
  }

  /** Opened for writing too, so that the FIFO never comes to its end when the last supervisor leaves. */
  #listen(): Socket {
    const path = join(this.#options.stateFolder, "events");
    // The socket owns the descriptor.
    const socket = new Socket({ fd: openSync(path, constants.O_RDWR | constants.O_NONBLOCK), writable: false });
    let rest = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
    });
    return socket;
  }

  #take(line: string): void {
    const event = parseEvent(line);
    if (event === null) return;
    this.settle(event.key);
    this.#options.onEvent(event);
  }
}
