/**
 * Which coordinator to ask next.
 *
 * The pool stays with the one that answered last. One that failed is left alone for a while (see backoff.ts) and the
 * others are tried at once; when all have failed, the one whose time comes first is next.
 */
import type { ChannelCredentials } from "@grpc/grpc-js";
import type { HoldfastError } from "../errors.ts";
import { backoffMs } from "./backoff.ts";
import { Connection } from "./connection.ts";

export interface Member {
  readonly connection: Connection;
  failures: number;
  /** On the pool's clock; not to be asked before. */
  notBeforeMs: number;
  lastError: HoldfastError | undefined;
}

export interface PoolOptions {
  readonly addresses: readonly string[];
  readonly credentials: ChannelCredentials;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

export class CoordinatorPool {
  readonly #members: readonly Member[];
  readonly #random: () => number;
  readonly now: () => number;
  #preferred: Member | undefined;
  #everReached = false;

  constructor({ addresses, credentials, random, now }: PoolOptions) {
    this.#random = random;
    this.now = now;
    const start = Math.floor(random() * addresses.length);
    this.#members = [...addresses.slice(start), ...addresses.slice(0, start)].map((address) => ({
      connection: new Connection(address, credentials),
      failures: 0,
      notBeforeMs: 0,
      lastError: undefined,
    }));
  }

  get size(): number {
    return this.#members.length;
  }

  /** Whether any coordinator has ever answered, if only to say that it cannot help at present. */
  get everReached(): boolean {
    return this.#everReached;
  }

  /** @returns the coordinator to ask, and how long to wait before that */
  next(): { readonly member: Member; readonly waitMs: number } {
    const now = this.now();
    if (this.#preferred !== undefined && this.#preferred.notBeforeMs <= now)
      return { member: this.#preferred, waitMs: 0 };
    const [first, ...others] = this.#members;
    if (first === undefined) throw new TypeError("a pool without addresses");
    const member = others.reduce((best, other) => (other.notBeforeMs < best.notBeforeMs ? other : best), first);
    return { member, waitMs: Math.max(0, member.notBeforeMs - now) };
  }

  reached(): void {
    this.#everReached = true;
  }

  answered(member: Member): void {
    this.#preferred = member;
    this.#everReached = true;
    member.failures = 0;
    member.notBeforeMs = 0;
    member.lastError = undefined;
  }

  failed(member: Member, error: HoldfastError): void {
    member.failures++;
    member.lastError = error;
    member.notBeforeMs = this.now() + backoffMs(member.failures, error.retryAfterMs, this.#random());
    if (this.#preferred === member) this.#preferred = undefined;
  }

  /** What each address said last, in one line: "127.0.0.1:7401: no leader; 127.0.0.1:7402: connection refused". */
  describeFailures(): string {
    return this.#members.map(({ connection, lastError }) => `${connection.address}: ${saidBy(lastError)}`).join("; ");
  }

  close(): void {
    for (const { connection } of this.#members) connection.close();
  }
}

/** The transport's own messages wrap what the system said: "No connection established. Last error: Error: connect …". */
function saidBy(error: HoldfastError | undefined): string {
  if (error === undefined) return "not tried";
  if (/ECONNREFUSED/.test(error.message)) return "connection refused";
  return error.message
    .replace(/^No connection established\. Last error: (?:Error: )?/, "")
    .replace(/\.? Resolution note:.*$/, "");
}
