/**
 * One bidirectional gRPC stream on its own TCP connection, with as much HTTP/2 (RFC 9113) as that takes.
 *
 * A library's client would cost more than the server that is to be measured: here a message is one write of a few bytes,
 * and ten thousand streams fit in one process. Response headers are not decoded: trailers end the stream.
 */
import { connect, type Socket } from "node:net";
import { connect as connectTls, type SecureContext } from "node:tls";

export interface StreamAddress {
  readonly host: string;
  readonly port: number;
  /** `/package.Service/Method`. */
  readonly path: string;
  /** Authority, certificate and key; null: without TLS. */
  readonly tls: SecureContext | null;
}

export interface StreamListener {
  /** One message, without gRPC's prefix. */
  message(bytes: Buffer): void;
  /** Once: the stream or its connection is over. */
  closed(): void;
}

const frameType = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 };
const flag = { ack: 1, endStream: 1, endHeaders: 4, padded: 8 };
const setting = { enablePush: 2, initialWindowSize: 4 };
const streamId = 1;
const frameHeaderBytes = 9;
const messagePrefixBytes = 5;
const maxFrameBytes = 16_384;
const defaultWindowBytes = 65_535;
/** Never used up by what one benchmark receives, so that no window is ever opened further. */
const receiveWindowBytes = 2 ** 31 - 1;

export class GrpcStream {
  readonly #socket: Socket;
  readonly #listener: StreamListener;
  #received: Buffer = Buffer.alloc(0);
  /** Of messages, which may span frames. */
  #body: Buffer = Buffer.alloc(0);
  #connectionWindow = defaultWindowBytes;
  #streamWindow = defaultWindowBytes;
  #initialWindow = defaultWindowBytes;
  readonly #waiting: Buffer[] = [];
  #closed = false;

  constructor({ host, port, path, tls }: StreamAddress, listener: StreamListener) {
    this.#listener = listener;
    this.#socket =
      tls === null ? connect({ host, port }) : connectTls({ host, port, secureContext: tls, ALPNProtocols: ["h2"] });
    this.#socket.setNoDelay(true);
    this.#socket.on("data", (bytes) => this.#take(bytes));
    this.#socket.on("error", () => this.close());
    this.#socket.on("close", () => this.close());
    this.#socket.write(opening(`${host}:${port}`, path));
  }

  send(message: Buffer): void {
    if (this.#closed) return;
    const prefix = Buffer.alloc(messagePrefixBytes);
    prefix.writeUInt32BE(message.length, 1);
    const bytes = Buffer.concat([prefix, message]);
    for (let first = 0; first < bytes.length; first += maxFrameBytes) {
      this.#waiting.push(bytes.subarray(first, first + maxFrameBytes));
    }
    this.#flush();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
    this.#listener.closed();
  }

  #flush(): void {
    for (let payload = this.#waiting[0]; payload !== undefined; payload = this.#waiting[0]) {
      if (payload.length > Math.min(this.#connectionWindow, this.#streamWindow)) return;
      this.#waiting.shift();
      this.#connectionWindow -= payload.length;
      this.#streamWindow -= payload.length;
      this.#socket.write(frame(frameType.data, 0, streamId, payload));
    }
  }

  #take(bytes: Buffer): void {
    let rest = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    while (rest.length >= frameHeaderBytes && !this.#closed) {
      const end = frameHeaderBytes + rest.readUIntBE(0, 3);
      if (rest.length < end) break;
      this.#takeFrame(rest[3] ?? 0, rest[4] ?? 0, rest.readUInt32BE(5), rest.subarray(frameHeaderBytes, end));
      rest = rest.subarray(end);
    }
    this.#received = rest;
  }

  #takeFrame(type: number, flags: number, stream: number, payload: Buffer): void {
    switch (type) {
      case frameType.data:
        this.#takeData((flags & flag.padded) === 0 ? payload : payload.subarray(1, payload.length - (payload[0] ?? 0)));
        break;
      case frameType.settings:
        if ((flags & flag.ack) === 0) this.#takeSettings(payload);
        return;
      case frameType.ping:
        if ((flags & flag.ack) === 0) this.#socket.write(frame(frameType.ping, flag.ack, 0, payload));
        return;
      case frameType.windowUpdate:
        if (stream === 0) this.#connectionWindow += payload.readUInt32BE(0);
        else this.#streamWindow += payload.readUInt32BE(0);
        return this.#flush();
      case frameType.reset:
      case frameType.goAway:
        return this.close();
      case frameType.headers:
        break;
      default:
        return;
    }
    if ((flags & flag.endStream) !== 0) this.close();
  }

  #takeSettings(payload: Buffer): void {
    for (let offset = 0; offset + 6 <= payload.length; offset += 6) {
      if (payload.readUInt16BE(offset) !== setting.initialWindowSize) continue;
      const size = payload.readUInt32BE(offset + 2);
      this.#streamWindow += size - this.#initialWindow;
      this.#initialWindow = size;
    }
    this.#socket.write(frame(frameType.settings, flag.ack, 0, Buffer.alloc(0)));
    this.#flush();
  }

  #takeData(payload: Buffer): void {
    let rest = this.#body.length === 0 ? payload : Buffer.concat([this.#body, payload]);
    while (rest.length >= messagePrefixBytes) {
      const end = messagePrefixBytes + rest.readUInt32BE(1);
      if (rest.length < end) break;
      this.#listener.message(rest.subarray(messagePrefixBytes, end));
      rest = rest.subarray(end);
    }
    this.#body = rest;
  }
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(frameHeaderBytes + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  payload.copy(bytes, frameHeaderBytes);
  return bytes;
}

/** The preface, our settings, the widest window, and the request's headers. */
function opening(authority: string, path: string): Buffer {
  const settings = Buffer.alloc(12);
  settings.writeUInt16BE(setting.enablePush, 0);
  settings.writeUInt16BE(setting.initialWindowSize, 6);
  settings.writeUInt32BE(receiveWindowBytes, 8);
  const increment = Buffer.alloc(4);
  increment.writeUInt32BE(receiveWindowBytes - defaultWindowBytes, 0);
  return Buffer.concat([
    Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    frame(frameType.settings, 0, 0, settings),
    frame(frameType.windowUpdate, 0, 0, increment),
    frame(frameType.headers, flag.endHeaders, streamId, requestHeaders(authority, path)),
  ]);
}

/** HPACK (RFC 7541): `POST` and `http` by their numbers in the static table, the rest as literals that are not indexed. */
function requestHeaders(authority: string, path: string): Buffer {
  return Buffer.concat([
    Buffer.from([0x83, 0x86]),
    Buffer.from([0x04]),
    literal(path),
    Buffer.from([0x01]),
    literal(authority),
    Buffer.from([0x0f, 0x10]),
    literal("application/grpc"),
    Buffer.from([0x00]),
    literal("te"),
    literal("trailers"),
  ]);
}

/** Shorter than 127 characters, so that its length is one byte. */
function literal(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
}
