/**
 * One connection to Redis that never hides what happened to a command: it is answered, or it fails within a known time
 * with `StoreUnavailable`. Nothing is queued while there is no connection, and nothing is ever sent twice.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionOptions as TlsOptions } from "node:tls";
import { Redis } from "ioredis";
import { StoreFull, StoreUnavailable } from "../store.ts";
import { type ClientOptions, describeRedisUrl, parseRedisUrl } from "./redis-url.ts";
import { isReplyError } from "./reply.ts";

export interface ConnectionOptions {
  readonly url: string;
  /** CA, certificate and key, for the schemes with TLS. */
  readonly tls?: TlsOptions;
  /** Shown by CLIENT LIST. */
  readonly name: string;
  /** A command without an answer for so long has failed. */
  readonly commandTimeoutMs: number;
  /** Told each time a connection fails or cannot be made, as often as it is tried. */
  readonly onError?: ((error: Error) => void) | undefined;
}

const retryDelayMinMs = 50;
const retryDelayMaxMs = 1_000;

/** Answers of a Redis that works, but not for us or not yet. */
const cannotServe =
  /^(READONLY|LOADING|BUSY|MASTERDOWN|MISCONF|NOREPLICAS|TRYAGAIN|CLUSTERDOWN|UNBLOCKED|NOAUTH|WRONGPASS|NOPERM)\b/;

export class Connection {
  readonly redis: Redis;
  readonly #address: string;
  readonly #commandTimeoutMs: number;
  #lastError: Error | undefined;
  /** Counts the connections that were lost. */
  #losses = 0;
  #closed = false;

  /** @throws HoldfastError invalidArgument for a bad address. Does not connect yet. */
  constructor(options: ConnectionOptions) {
    this.#address = describeRedisUrl(options.url);
    this.#commandTimeoutMs = options.commandTimeoutMs;
    this.redis = new Redis({ ...libraryOptions(options), ...parseRedisUrl(options.url, "redis", options.tls) });
    this.redis.on("error", (error: Error) => {
      this.#lastError = error;
      options.onError?.(error);
    });
    this.redis.on("close", () => {
      this.#losses += 1;
    });
    this.redis.on("end", () => this.#beginAgain());
  }

  /** Starts connecting, which never ends until `close`; resolves when connected, or after the first failure. */
  async open(waitMs: number): Promise<void> {
    const waiting = new AbortController();
    const connected = this.redis.connect().catch((error: Error) => {
      this.#lastError ??= error;
    });
    await Promise.race([connected, sleep(waitMs, undefined, { signal: waiting.signal }).catch(() => {})]);
    waiting.abort();
  }

  /**
   * Sends what `command` sends.
   * @param act what is being done, for the error
   * @throws StoreUnavailable when there is no connection, no answer, or Redis cannot serve now; StoreFull; any other
   *   answer of Redis that is an error as it is, for it means a defect or keys that are not ours
   */
  async run<Result>(act: string, command: (redis: Redis) => Promise<Result>): Promise<Result> {
    if (this.redis.status !== "ready") {
      throw new StoreUnavailable(`${act}: not connected to ${this.#address}${because(this.#lastError)}`, {
        cause: this.#lastError,
      });
    }
    try {
      return await this.#answered(command(this.redis));
    } catch (error) {
      throw this.#explain(act, error);
    }
  }

  close(): void {
    this.#closed = true;
    this.redis.disconnect();
  }

  /**
   * The library gives up for good when a connection is ended while it is being made, as by a fail-over that the sentinels
   * tell just then.
   */
  #beginAgain(): void {
    if (this.#closed) return;
    setTimeout(() => {
      if (this.#closed || this.redis.status !== "end") return;
      this.redis.connect().catch((error: Error) => {
        this.#lastError = error;
      });
    }, retryDelayMinMs);
  }

  /**
   * The library's own time limits are not used: a loop that is late runs its timers before it reads its sockets, and would
   * give up answers that are there already. Here the sockets get their turn first; then the connection is given up, with
   * everything that waits on it, for its server may hang.
   */
  #answered<Result>(answer: Promise<Result>): Promise<Result> {
    const lossesBefore = this.#losses;
    return new Promise((resolve, reject) => {
      let settled = false;
      const giveUp = () => {
        if (settled) return;
        // Only the connection that it was sent on; a new one may be in the making.
        if (this.#losses === lossesBefore && this.redis.status === "ready") this.redis.disconnect(true);
        reject(new Error(`nothing came for ${this.#commandTimeoutMs} ms`));
      };
      const timer = setTimeout(() => setImmediate(() => setImmediate(giveUp)), this.#commandTimeoutMs);
      const settle = () => {
        settled = true;
        clearTimeout(timer);
      };
      answer.then(
        (result) => {
          settle();
          resolve(result);
        },
        (error: unknown) => {
          settle();
          reject(error);
        },
      );
    });
  }

  #explain(act: string, error: unknown): unknown {
    if (!(error instanceof Error) || error instanceof StoreUnavailable) return error;
    // The library attaches the whole command, a megabyte that would end up in a log.
    delete (error as { command?: unknown }).command;
    const from = `${act}: ${this.#address}`;
    if (!isReplyError(error)) {
      return new StoreUnavailable(`${from} gave no answer${because(error)}`, { cause: error });
    }
    if (error.message.startsWith("OOM")) return new StoreFull(`${from} is out of memory`, { cause: error });
    if (!cannotServe.test(error.message)) return error;
    return new StoreUnavailable(`${from} cannot serve${because(error)}`, { cause: error });
  }
}

function libraryOptions(options: ConnectionOptions): ClientOptions {
  const { commandTimeoutMs } = options;
  return {
    lazyConnect: true,
    protocol: 2,
    connectionName: options.name,
    disableClientInfo: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // With none, commands that a lost connection leaves without an answer fail at once rather than at their timeout.
    maxRetriesPerRequest: 0,
    // TCP repeats a lost SYN after 1 s; that one should still have a chance.
    connectTimeout: 1.5 * commandTimeoutMs,
    disconnectTimeout: 100,
    keepAlive: 5_000,
    maxLoadingRetryTime: 100,
    retryStrategy: retryDelayMs,
    // 1: reconnect, to find the new primary, but do not send the command again.
    reconnectOnError: (error) => (error.message.includes("READONLY") ? 1 : false),
    failoverDetector: true,
    // The library counts it from before it connects to the Sentinel.
    sentinelCommandTimeout: 2 * commandTimeoutMs,
    sentinelRetryStrategy: retryDelayMs,
    sentinelReconnectStrategy: retryDelayMs,
  };
}

/** Doubling from 50 ms to 1 s, with the lower half of each left to chance. */
function retryDelayMs(tries: number): number {
  const delayMs = Math.min(retryDelayMaxMs, retryDelayMinMs * 2 ** (tries - 1));
  return Math.round(delayMs * (0.5 + Math.random() / 2));
}

function because(error: Error | undefined): string {
  return error === undefined ? "" : ` (${error.message || error.name})`;
}
