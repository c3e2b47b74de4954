/**
 * What waits to be written to one agent. gRPC buffers without bound when write()'s result is ignored, so what it will not
 * take yet waits here, and a peer that does not read is dropped: it says Hello again and gets what is owed anew.
 */
import type { Stream } from "../stream/stream.ts";

const maxWaiting = 2_000;

export class Outbox<Message> {
  readonly #stream: Pick<Stream<never, Message>, "write">;
  readonly #overflow: () => void;
  readonly #waiting: Message[] = [];
  #blocked = false;
  #closed = false;

  /** @param overflow the peer reads too slowly: end the stream */
  constructor(stream: Pick<Stream<never, Message>, "write">, overflow: () => void) {
    this.#stream = stream;
    this.#overflow = overflow;
  }

  send(message: Message): void {
    if (this.#closed) return;
    if (!this.#blocked) {
      this.#blocked = !this.#stream.write(message);
      return;
    }
    this.#waiting.push(message);
    if (this.#waiting.length <= maxWaiting) return;
    this.close();
    this.#overflow();
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
  }

  /** The stream takes more again. */
  drained(): void {
    this.#blocked = false;
    let sent = 0;
    while (!this.#blocked && !this.#closed && sent < this.#waiting.length) {
      this.#blocked = !this.#stream.write(this.#waiting[sent] as Message);
      sent += 1;
    }
    this.#waiting.splice(0, sent);
  }
}
