/** Child processes of a benchmark, which never outlive it, not even when it is killed: they end when their channel closes. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface ChildOptions {
  /** Settings, as the script's one argument in JSON. */
  readonly settings: object;
  /** Where its output goes; not set: nowhere. */
  readonly logFile?: string;
  /** Options for Node, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

/** A script of this package in a process of its own. It must exit on "disconnect". */
export class Child<Sent extends object, Received extends { readonly kind: string }> implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #script: string;
  #isEnding = false;

  /** @param script relative to this package's folder */
  constructor(script: string, { settings, logFile, nodeOptions = [] }: ChildOptions) {
    const output = logFile === undefined ? "ignore" : openSync(logFile, "a");
    this.#script = script;
    this.#process = fork(fileURLToPath(new URL(`../${script}`, import.meta.url)), [JSON.stringify(settings)], {
      execArgv: [...nodeOptions],
      stdio: ["ignore", output, logFile === undefined ? "inherit" : output, "ipc"],
    });
    running.add(this.#process);
    this.#process.once("exit", () => running.delete(this.#process));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  send(message: Sent): void {
    this.#process.send(message);
  }

  on(listener: (message: Received) => void): void {
    this.#process.on("message", listener);
  }

  /** The next message of this kind. Rejects when the process ends before, or says nothing for so long. */
  next<Kind extends Received["kind"]>(kind: Kind, timeoutMs: number): Promise<Extract<Received, { kind: Kind }>> {
    const { promise, resolve, reject } = Promise.withResolvers<Extract<Received, { kind: Kind }>>();
    const listener = (message: Received) => {
      if (message.kind === kind) resolve(message as Extract<Received, { kind: Kind }>);
    };
    const exited = () => reject(new Error(`${this.#script} ended before it said "${kind}"`));
    const timer = setTimeout(() => {
      reject(new Error(`${this.#script} did not say "${kind}" within ${timeoutMs} ms`));
    }, timeoutMs);
    this.#process.on("message", listener);
    this.#process.once("exit", exited);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#process.off("message", listener);
      this.#process.off("exit", exited);
    });
  }

  /** Told when it ends by itself, and not by `end`. */
  onDeath(listener: () => void): void {
    this.#process.once("exit", () => this.#isEnding || listener());
  }

  /** SIGSTOP: it hangs, with its connections open. */
  pause(): void {
    this.#process.kill("SIGSTOP");
  }

  resume(): void {
    this.#process.kill("SIGCONT");
  }

  async end(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (!this.isRunning) return;
    this.#isEnding = true;
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGCONT");
    this.#process.kill(signal);
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}
