/** The ways in which the services' clients call: with the pool, the patience and the defaults of their HoldfastClient. */
import { randomUUID } from "node:crypto";
import { HoldfastError } from "../errors.ts";
import type { Connection } from "./connection.ts";
import type { CoordinatorPool } from "./coordinator-pool.ts";
import { OwnWrites } from "./own-writes.ts";
import { resumableStream, type StreamPlan } from "./resumable-stream.ts";
import { callUnary, invoke, type UnaryMethod } from "./unary-call.ts";

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

const catchUpTimeoutMs = 3_000;

export class Caller {
  readonly #pool: CoordinatorPool;
  readonly #settings: CallerSettings;
  readonly #ownWrites = new OwnWrites();

  constructor(pool: CoordinatorPool, settings: CallerSettings) {
    this.#pool = pool;
    this.#settings = settings;
  }

  /** Sees the client's own writes, unless the request names a revision itself. */
  async read<Request extends { minRevision?: string }, Response>(
    method: UnaryMethod<Request, Response>,
    request: Request,
    options?: CallOptions,
  ): Promise<Response> {
    const minRevision = request.minRevision || this.#ownWrites.latest;
    try {
      return await this.#unary(method, { ...request, minRevision }, options, true);
    } catch (error) {
      if (request.minRevision || minRevision === "" || !isOfLostLog(error)) throw error;
      this.#ownWrites.forget(minRevision);
      return await this.#unary(method, request, options, true);
    }
  }

  /** For writes that do nothing the second time, and for what reads without changing. */
  async repeatable<Request, Response extends object>(
    method: UnaryMethod<Request, Response>,
    request: Request,
    options?: CallOptions,
  ): Promise<Response> {
    return this.#noted(await this.#unary(method, request, options, true));
  }

  /** For writes that would be done a second time. */
  async once<Request, Response extends object>(
    method: UnaryMethod<Request, Response>,
    request: Request,
    options?: CallOptions,
  ): Promise<Response> {
    return this.#noted(await this.#unary(method, request, options, false));
  }

  #noted<Response extends { revision?: string }>(response: Response): Response {
    this.#ownWrites.note(response.revision);
    return response;
  }

  #unary<Request, Response>(
    method: UnaryMethod<Request, Response>,
    request: Request,
    { deadlineMs = this.#settings.deadlineMs, signal }: CallOptions = {},
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
    return resumableStream(this.#pool, plan, {
      firstContactMs,
      patienceMs: follows ? streamPatienceMs : deadlineMs,
      signal,
      prepare: (connection) => this.#caughtUp(connection, signal),
    });
  }

  /** Streams name no revision: a small read that does makes sure that they begin with the client's own writes. */
  async #caughtUp(connection: Connection, signal: AbortSignal | undefined): Promise<void> {
    const minRevision = this.#ownWrites.latest;
    if (minRevision === "") return;
    const list: UnaryMethod<{ pageSize: number; minRevision: string }, unknown> = (to, ...call) =>
      to.nodes.List(...call);
    try {
      await invoke(connection, list, { pageSize: 1, minRevision }, catchUpTimeoutMs, signal);
    } catch (error) {
      if (isOfLostLog(error)) this.#ownWrites.forget(minRevision);
      else if (hasCode(error, "deadlineExceeded"))
        throw new HoldfastError("unavailable", "does not follow the leader at present", { cause: error });
      else throw error;
    }
  }

  inNamespace<Request extends { namespace?: string }>(request: Request): Request {
    return { ...request, namespace: request.namespace || this.#settings.namespace };
  }

  /** A request id makes a repeat harmless, so that every submission has one. */
  identified<Request extends { namespace?: string; requestId?: string }>(request: Request): Request {
    return this.inNamespace({ ...request, requestId: request.requestId || randomUUID() });
  }
}

/** The revision that was asked for is of another history: the log was begun anew. */
function isOfLostLog(error: unknown): boolean {
  return hasCode(error, "failedPrecondition") && error.fields.some(({ field }) => field === "min_revision");
}

function hasCode(error: unknown, code: HoldfastError["code"]): error is HoldfastError {
  return error instanceof HoldfastError && error.code === code;
}
