/**
 * A private Redis for one test: own folder, own socket, every write on disk before it is answered, as in production.
 *
 *   await using redis = await startRedis();
 *   const store = await openRedisStore({ url: redis.url, cell: "main" });
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
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
    running.add(child);
    child.once("exit", () => running.delete(child));
    await Promise.race([this.#answers(child), failsToStart(child)]);
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
    await rm(this.folder, { recursive: true, force: true });
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
    if (child === null || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGCONT");
    child.kill(signal);
    await exited;
  }

  async #answers(child: ChildProcess): Promise<void> {
    const deadline = performance.now() + startTimeoutMs;
    while (!(await ping(this.socketPath))) {
      if (child.pid === undefined) return;
      if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadline) {
        const log = await readFile(join(this.folder, "redis.log"), "utf8").catch(() => "(no log)");
        throw new Error(`redis-server does not answer on ${this.socketPath}; its log says:\n${log}`);
      }
      await sleep(5);
    }
  }
}

/** Those of this process, which must not outlive it. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Never resolves; rejects when the program cannot be run. */
async function failsToStart(child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      const remedy = error.code === "ENOENT" ? "install it (Debian: apt-get install redis-server)" : error.message;
      reject(new Error(`cannot start redis-server: ${remedy}`, { cause: error }));
    });
  });
}

/** Whether a Redis on this socket serves; it answers -LOADING until it does. */
async function ping(socketPath: string): Promise<boolean> {
  const socket = connect(socketPath);
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
