/**
 * A private Redis for one test: own folder, own socket, every write on disk before it is answered, as in production.
 *
 *   await using redis = await startRedis();
 *   const store = await openRedisStore({ url: redis.url, cell: "main" });
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type NetConnectOpts } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface RedisOptions {
  /** Listen on a free TCP port of loopback instead of a unix socket. */
  readonly tcp?: boolean;
  /** Any settings of redis.conf, over the defaults. */
  readonly settings?: Readonly<Record<string, string>>;
}

const startTimeoutMs = 10_000;

const defaultSettings = {
  appendonly: "yes",
  appendfsync: "always",
  "maxmemory-policy": "noeviction",
  save: "",
  // A replica that begins anew would be waited for by default, 5 s in which min-replicas-to-write refuses all writes.
  "repl-diskless-sync-delay": "0",
  daemonize: "no",
};

/** @throws Error when redis-server is missing, or does not answer within 10 s; its log is in the message. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-redis-"));
  const port = options.tcp === true ? await freePort() : 0;
  const server = new RedisServer(folder, port, options.settings ?? {});
  try {
    await server.restart();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

export class RedisServer implements AsyncDisposable {
  /** For `openRedisStore` and `--redis`. */
  readonly url: string;
  readonly folder: string;
  /** 0: it listens on the socket only. */
  readonly port: number;
  readonly socketPath: string;
  readonly #settings: Readonly<Record<string, string>>;
  #process: ChildProcess | null = null;

  constructor(folder: string, port: number, settings: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.port = port;
    this.socketPath = join(folder, "redis.sock");
    this.url = port === 0 ? `redis+unix://${this.socketPath}` : `redis://127.0.0.1:${port}`;
    this.#settings = settings;
  }

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error("this Redis does not run");
    return pid;
  }

  /** Starts it again on what its folder holds; ends it first, cleanly, if it runs. */
  async restart(): Promise<void> {
    await this.#end("SIGTERM");
    const child = spawn("redis-server", this.#arguments(), { cwd: this.folder, stdio: "ignore" });
    this.#process = child;
    endWithThisProcess(child);
    await Promise.race([answers(child, { path: this.socketPath }, this.folder), failsToStart(child)]);
  }

  /** As a power cut would: SIGKILL. What was acknowledged is in the folder, for `restart`. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Hangs: connections stand, nothing is answered. */
  pause(): void {
    process.kill(this.pid, "SIGSTOP");
  }

  resume(): void {
    process.kill(this.pid, "SIGCONT");
  }

  /** Ends it for good and removes its folder. */
  async stop(): Promise<void> {
    await this.#end("SIGKILL");
    // A child that saves may outlive it by a moment.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #arguments(): string[] {
    const settings = {
      ...defaultSettings,
      dir: this.folder,
      logfile: join(this.folder, "redis.log"),
      unixsocket: this.socketPath,
      bind: "127.0.0.1",
      port: String(this.port),
      ...this.#settings,
    };
    return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  }

  async #end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child !== null) await end(child, signal);
  }
}

/** A Sentinel of a private Redis that listens on TCP. One is enough to fail over: the quorum is 1. */
export interface Sentinel extends AsyncDisposable {
  /** `redis+sentinel://`, for `openRedisStore` and `--redis`. */
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/**
 * Watches `primary` and what replicates from it (`settings: { replicaof: "127.0.0.1 PORT" }`), and fails over when it
 * has been silent for `downAfterMs`. It finds replicas by asking the primary every 10 s: start them first.
 */
export async function startSentinel(primary: RedisServer, downAfterMs = 1_000): Promise<Sentinel> {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-sentinel-"));
  const port = await freePort();
  const configuration = [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${folder}`,
    `logfile ${join(folder, "redis.log")}`,
    `sentinel monitor main 127.0.0.1 ${primary.port} 1`,
    `sentinel down-after-milliseconds main ${downAfterMs}`,
    "sentinel failover-timeout main 3000",
  ];
  await writeFile(join(folder, "sentinel.conf"), configuration.join("\n"));
  const child = spawn("redis-server", [join(folder, "sentinel.conf"), "--sentinel"], { stdio: "ignore" });
  endWithThisProcess(child);
  const stop = async () => {
    await end(child, "SIGKILL");
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([answers(child, { host: "127.0.0.1", port }, folder), failsToStart(child)]);
  } catch (error) {
    await stop();
    throw error;
  }
  const url = `redis+sentinel://127.0.0.1:${port}/main`;
  return { url, pid: child.pid ?? 0, stop, [Symbol.asyncDispose]: stop };
}

/** Those of this process, which must not outlive it. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

function endWithThisProcess(child: ChildProcess): void {
  running.add(child);
  child.once("exit", () => running.delete(child));
}

/** Resolves when it has exited. */
async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return;
  const exited = once(child, "exit");
  child.kill("SIGCONT");
  child.kill(signal);
  await exited;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function answers(child: ChildProcess, address: NetConnectOpts, folder: string): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  while (!(await ping(address))) {
    if (child.pid === undefined) return;
    if (hasEnded(child) || performance.now() > deadline) {
      const log = await readFile(join(folder, "redis.log"), "utf8").catch(() => "(no log)");
      throw new Error(`redis-server does not answer on ${JSON.stringify(address)}; its log says:\n${log}`);
    }
    await sleep(5);
  }
}

/** Never resolves; rejects when the program cannot be run. */
async function failsToStart(child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      const remedy = error.code === "ENOENT" ? "install it (Debian: apt-get install redis-server)" : error.message;
      reject(new Error(`cannot start redis-server: ${remedy}`, { cause: error }));
    });
  });
}

/** Whether a Redis serves there; it answers -LOADING until it does. */
async function ping(address: NetConnectOpts): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    const [answer] = await once(socket, "data");
    return String(answer).startsWith("+PONG");
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port on loopback");
  return address.port;
}
