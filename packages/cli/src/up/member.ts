/**
 * One process of a local cluster: Redis, a coordinator or an agent. It is started again when it dies on its own, at first
 * soon and then ever later; when it was stopped or killed through here, it stays down until it is started again.
 *
 * It has a process group of its own, so that Ctrl-C at the terminal reaches only the process that runs the cluster.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { MemberRole } from "./cluster-file.ts";
import { processStatus } from "./process-identity.ts";

export interface MemberPlan {
  readonly id: string;
  readonly role: MemberRole;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly dataDir: string;
  readonly address?: string;
  /** Where it shows /metrics, `host:port`. */
  readonly metricsAddress?: string | undefined;
}

export interface MemberWatch {
  /** Its process is another one now, or none. */
  readonly onChange: () => void;
  /** It died on its own, and is started again after the delay. */
  readonly onDeath: (member: Member, how: string, restartInMs: number) => void;
  /** True while it is not to be started again. */
  readonly isKeptDown: (id: string) => boolean;
}

const firstRestartMs = 500;
const lastRestartMs = 10_000;
/** One that ran so long is well again. */
const wellAfterMs = 30_000;
const keptDownLookMs = 200;
const stopGraceMs = 8_000;

export class Member {
  readonly plan: MemberPlan;
  readonly #watch: MemberWatch;
  #child: ChildProcess | null = null;
  #startedMs = 0;
  #startTicks = 0;
  #restartMs = firstRestartMs;
  #restartTimer: NodeJS.Timeout | undefined;
  #wanted = false;

  constructor(plan: MemberPlan, watch: MemberWatch) {
    this.plan = plan;
    this.#watch = watch;
  }

  get id(): string {
    return this.plan.id;
  }

  /** Null when it does not run. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** It runs, or will be started again: it was neither stopped nor killed through here. */
  get isWanted(): boolean {
    return this.#wanted;
  }

  get startTicks(): number {
    return this.#startTicks;
  }

  /** Starts it if it does not run. @throws Error when the program cannot be started */
  async start(): Promise<void> {
    this.#wanted = true;
    clearTimeout(this.#restartTimer);
    if (this.#child === null) await this.#spawn();
  }

  /** Stops it in order, and by force when that takes too long. */
  async stop(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (child === null) return;
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    child.kill("SIGCONT");
    const force = setTimeout(() => child.kill("SIGKILL"), stopGraceMs);
    await exited;
    clearTimeout(force);
  }

  /** SIGKILL; resolves when it is dead. It stays down until `start`. */
  async kill(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (child === null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  /** SIGSTOP: it hangs, with its connections open. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async #spawn(): Promise<void> {
    const log = openSync(this.plan.logFile, "a");
    const child = spawn(this.plan.command, this.plan.args, { detached: true, stdio: ["ignore", log, log] });
    closeSync(log);
    this.#child = child;
    this.#startedMs = performance.now();
    child.once("exit", (code, signal) => this.#ended(signal ?? `exit code ${code}`));
    try {
      await once(child, "spawn");
    } catch (error) {
      this.#child = null;
      throw error;
    }
    this.#startTicks = processStatus(child.pid ?? 0)?.startTicks ?? 0;
    this.#watch.onChange();
  }

  #ended(how: string): void {
    this.#child = null;
    this.#watch.onChange();
    if (!this.#wanted) return;
    if (performance.now() - this.#startedMs > wellAfterMs) this.#restartMs = firstRestartMs;
    this.#watch.onDeath(this, how, this.#restartMs);
    this.#restartIn(this.#restartMs);
    this.#restartMs = Math.min(this.#restartMs * 2, lastRestartMs);
  }

  #restartIn(delayMs: number): void {
    this.#restartTimer = setTimeout(() => {
      if (this.#watch.isKeptDown(this.id)) this.#restartIn(keptDownLookMs);
      else this.#spawn().catch((error: Error) => this.#ended(error.message));
    }, delayMs);
  }
}
