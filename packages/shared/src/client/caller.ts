/** The ways in which the services' clients call: with the pool, the patience and the defaults of their HoldfastClient. */
import { randomUUID } from "node:crypto";
import type { CoordinatorPool } from "./coordinator-pool.ts";
import { resumableStream, type StreamPlan } from "./resumable-stream.ts";
import { callUnary, type UnaryMethod } from "./unary-call.ts";

export interface CallOptions {
  /** For unary calls: from the call to its answer, tries at all coordinators together. Default 10,000. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CallerSettings {
  readonly namespace: string;
  readonly deadlineMs: number;
  readonly firstContactMs: number;
  readonly streamPatienceMs: number;
}

export class Caller {
  readonly #pool: CoordinatorPool;
  readonly #settings: CallerSettings;

  constructor(pool: CoordinatorPool, settings: CallerSettings) {
    this.#pool = pool;
    this.#settings = settings;
  }

  /** For reads, and for writes that do nothing the second time. */
  repeatable<Request, Response>(
    method: UnaryMethod<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Promise<Response> {
    return this.#unary(method, request, options, true);
  }

  /** For writes that would be done a second time. */
  once<Request, Response>(
    method: UnaryMethod<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Promise<Response> {
    return this.#unary(method, request, options, false);
  }

  #unary<Request, Response>(
    method: UnaryMethod<Request, Response>,
    request: Request,
    { deadlineMs = this.#settings.deadlineMs, signal }: CallOptions,
    repeatable: boolean,
  ): Promise<Response> {
    const { firstContactMs } = this.#settings;
    return callUnary(this.#pool, method, request, { deadlineMs, firstContactMs, repeatable, signal });
  }

  /** @param follows whether it goes on with what is to come; what only reads what is there has less patience */
  stream<Message>(
    plan: StreamPlan<Message>,
    follows: boolean,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Message, void, undefined> {
    const { firstContactMs, streamPatienceMs, deadlineMs } = this.#settings;
    const patienceMs = follows ? streamPatienceMs : deadlineMs;
    return resumableStream(this.#pool, plan, { firstContactMs, patienceMs, signal });
  }

  inNamespace<Request extends { namespace?: string }>(request: Request): Request {
    return { ...request, namespace: request.namespace || this.#settings.namespace };
  }

  /** A request id makes a repeat harmless, so that every submission has one. */
  identified<Request extends { namespace?: string; requestId?: string }>(request: Request): Request {
    return this.inNamespace({ ...request, requestId: request.requestId || randomUUID() });
  }
}
