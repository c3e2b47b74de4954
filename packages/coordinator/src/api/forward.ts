/**
 * Writes that reach a standby go on to the leader by the same call, so that clients need not know who leads. A write is
 * passed on once at most: two coordinators that each take the other for the leader must not play ball with it.
 */
import { type ChannelCredentials, Client, Metadata, type ServiceError } from "@grpc/grpc-js";
import type { MethodDefinition } from "@grpc/proto-loader";
import { clientOptions } from "@holdfast/shared/contract/channel-options.ts";
import { fromServiceError } from "@holdfast/shared/contract/status-details.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { Backend } from "./backend.ts";
import type { Call, UnaryHandler } from "./call.ts";

const marker = "holdfast-forwarded";
/** For calls without a deadline of their own. */
const maxForwardMs = 30_000;
/** A new leader is there within seconds; asking five times a second finds it soon enough. */
const retryAfterMs = 200;

/** What a caller needs of a method. */
type ForwardedMethod<Request, Response> = Pick<
  MethodDefinition<Request, unknown, unknown, Response>,
  "path" | "requestSerialize" | "responseDeserialize"
>;

export class Forwarder {
  readonly #backend: Backend;
  readonly #credentials: ChannelCredentials;
  #client: { readonly address: string; readonly client: Client } | null = null;

  constructor(backend: Backend, credentials: ChannelCredentials) {
    this.#backend = backend;
    this.#credentials = credentials;
  }

  /** A handler that performs the write here while this coordinator leads, and passes it on otherwise. */
  writing<Request, Response, Received extends Request, Answered extends Response>(
    method: MethodDefinition<Request, Response, Received, Answered>,
    perform: UnaryHandler<Received, Response>,
  ): UnaryHandler<Received, Response> {
    return (request, call) =>
      this.#backend.isLeading() ? perform(request, call) : this.#passOn(method, request, call);
  }

  /** Calls under way are finished. */
  close(): void {
    this.#client?.client.close();
    this.#client = null;
  }

  async #passOn<Request, Answered>(
    method: ForwardedMethod<Request, Answered>,
    request: Request,
    call: Call,
  ): Promise<Answered> {
    const leader = this.#backend.leader();
    const isUs = leader?.id === this.#backend.coordinatorId;
    if (leader === null || isUs || call.metadata.get(marker).length > 0) {
      throw new HoldfastError("unavailable", "no coordinator leads at the moment; try again", { retryAfterMs });
    }
    const metadata = new Metadata();
    metadata.set(marker, "1");
    const deadline = Math.min(call.deadlineMs, Date.now() + maxForwardMs);
    return unaryCall(this.#clientFor(leader.address), method, request, metadata, deadline, call.signal);
  }

  #clientFor(address: string): Client {
    if (this.#client?.address === address) return this.#client.client;
    this.close();
    const client = new Client(address, this.#credentials, clientOptions);
    this.#client = { address, client };
    return client;
  }
}

function unaryCall<Request, Response>(
  client: Client,
  { path, requestSerialize, responseDeserialize }: ForwardedMethod<Request, Response>,
  request: Request,
  metadata: Metadata,
  deadline: number,
  signal: AbortSignal,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const answer = (error: ServiceError | null, response?: Response) => {
      signal.removeEventListener("abort", cancel);
      if (error === null) resolve(response as Response);
      else reject(fromLeader(error));
    };
    const call = client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      { deadline },
      answer,
    );
    const cancel = () => call.cancel();
    signal.addEventListener("abort", cancel, { once: true });
  });
}

/** The leader's own refusals go through as they are; that it could not be reached is ours to tell. */
function fromLeader(failure: ServiceError): HoldfastError {
  const error = fromServiceError(failure);
  if (error.code !== "unavailable" || error.retryAfterMs !== undefined) return error;
  const message = `the leader did not answer, the write may or may not have happened: repeat it with the same request_id`;
  return new HoldfastError("unavailable", message, { retryAfterMs, cause: failure });
}
