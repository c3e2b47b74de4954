/** Calls that carry bytes as they are, to one server: what is sent need not be a message of the contract. */
import {
  Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  type Metadata,
  type ServiceError,
  type StatusObject,
  status,
} from "@grpc/grpc-js";

export interface RawAnswer {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata | null;
}

export interface RawMethod {
  /** `/package.Service/Method` */
  readonly path: string;
  readonly responseStream: boolean;
}

const same = (bytes: Buffer) => bytes;
/** Above what any server takes, so that it is the server that refuses. */
const options = { "grpc.max_send_message_length": -1, "grpc.use_local_subchannel_pool": 1, "grpc.enable_retries": 0 };
const answerWithinMs = 20_000;
/** A stream that is kept open says nothing on its own: that is an answer, too, when it is quiet for so long. */
const acceptedAfterMs = 40;
/** What takes a while to arrive is waited for. */
const largeBytes = 64 * 1024;
const largeAcceptedAfterMs = 5_000;

export class RawClient implements Disposable {
  readonly #client: Client;

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure(), options);
  }

  /** How the server ends the call; OK for a stream that it keeps open. */
  call({ path, responseStream }: RawMethod, request: Buffer): Promise<RawAnswer> {
    return responseStream ? this.#stream(path, request) : this.#unary(path, request);
  }

  open(path: string): ClientDuplexStream<Buffer, Buffer> {
    return this.#client.makeBidiStreamRequest(path, same, same);
  }

  /** A stream of answers; whether and when they are read is the caller's. */
  watch(path: string, request: Buffer): ClientReadableStream<Buffer> {
    return this.#client.makeServerStreamRequest(path, same, same, request);
  }

  /** Sends the messages one after the other on one stream, and waits how it ends; OK when the server keeps it open. */
  converse(path: string, messages: readonly Buffer[]): Promise<RawAnswer> {
    const stream = this.open(path);
    for (const message of messages) stream.write(message);
    return settled(stream, Buffer.concat(messages).length);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  #unary(path: string, request: Buffer): Promise<RawAnswer> {
    return new Promise((resolve) => {
      const deadline = Date.now() + answerWithinMs;
      this.#client.makeUnaryRequest(path, same, same, request, { deadline }, (error: ServiceError | null) =>
        resolve(error ?? { code: status.OK, details: "", metadata: null }),
      );
    });
  }

  #stream(path: string, request: Buffer): Promise<RawAnswer> {
    return settled(this.#client.makeServerStreamRequest(path, same, same, request), request.length);
  }
}

interface Ending {
  on(event: "data", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "status", listener: (status: StatusObject) => void): unknown;
  cancel(): void;
}

function settled(stream: Ending, sentBytes: number): Promise<RawAnswer> {
  const quietMs = sentBytes > largeBytes ? largeAcceptedAfterMs : acceptedAfterMs;
  return new Promise((resolve) => {
    let cancelled = false;
    const accept = () => {
      cancelled = true;
      stream.cancel();
    };
    let timer = setTimeout(accept, answerWithinMs);
    const quiet = () => {
      clearTimeout(timer);
      timer = setTimeout(accept, quietMs);
    };
    stream.on("data", quiet);
    stream.on("error", () => {});
    stream.on("status", (ended) => {
      clearTimeout(timer);
      resolve(cancelled ? { ...ended, code: status.OK } : ended);
    });
    quiet();
  });
}
