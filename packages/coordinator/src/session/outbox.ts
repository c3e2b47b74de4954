/**
 * What waits to be written to one agent or coordinator. gRPC buffers without bound when write()'s result is ignored, so what it
 * will not take yet waits here, and a peer that does not read is dropped: it says Hello again and gets what is owed anew.
 */
import type { Stream } from "../stream/stream.ts";

export interface OutboxLimits {
  readonly messages: number;
  readonly bytes: number;
}

const agentLimits: OutboxLimits = { messages: 2_000, bytes: 16 * 1024 * 1024 };
const smallBytes = 256;

interface Waiting<Message> {
  readonly message: Message;
  readonly bytes: number;
}

export class Outbox<Message> {
  readonly #stream: Pick<Stream<never, Message>, "write">;
  readonly #overflow: () => void;
  readonly #limits: OutboxLimits;
  readonly #waiting: Waiting<Message>[] = [];
  #waitingBytes = 0;
  #blocked = false;
  #closed = false;

  /** @param overflow the peer reads too slowly: end the stream */
  constructor(stream: Pick<Stream<never, Message>, "write">, overflow: () => void, limits = agentLimits) {
    this.#stream = stream;
    this.#overflow = overflow;
    this.#limits = limits;
  }

  /** The stream takes nothing at the moment. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** @param bytes roughly what it takes on the wire, if that may be more than a few hundred */
  send(message: Message, bytes = smallBytes): void {
    if (this.#closed) return;
    if (!this.#blocked) {
      this.#blocked = !this.#stream.write(message);
      return;
    }
    this.#waiting.push({ message, bytes });
    this.#waitingBytes += bytes;
    if (this.#waiting.length <= this.#limits.messages && this.#waitingBytes <= this.#limits.bytes) return;
    this.close();
    this.#overflow();
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
  }

  /** The stream takes more again. */
  drained(): void {
    this.#blocked = false;
    let sent = 0;
    while (!this.#blocked && !this.#closed && sent < this.#waiting.length) {
      const { message, bytes } = this.#waiting[sent] as Waiting<Message>;
      this.#waitingBytes -= bytes;
      this.#blocked = !this.#stream.write(message);
      sent += 1;
    }
    this.#waiting.splice(0, sent);
  }
}
