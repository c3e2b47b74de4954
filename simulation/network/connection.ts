/**
 * A simulated connection that carries one stream of messages, as gRPC over TCP would:
 *
 *   dialling   the other end was not reached yet; what is written waits
 *   open       both ends stand, as far as this end knows
 *   over       for this end. The other end learns of it when it is told, which a blocked path or a dead machine prevents:
 *              until its own time limits it then holds a half-open connection, on which things may still arrive
 *
 * A process that dies has its connections ended by its kernel; a machine that dies tells nobody. Messages pass through the
 * real codec, so that each end sees what it would see in production, and shares no object with the other.
 */
import type { AcceptedStream, StreamListener } from "@holdfast/coordinator/stream/stream.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import { Lane } from "./lane.ts";
import type { Listener, Network } from "./network.ts";

export interface Codec<Message, Received> {
  encode(message: Message): Buffer;
  decode(bytes: Buffer): Received;
}

/** What the two directions carry. */
export interface Protocol<Up, UpReceived, Down, DownReceived> {
  readonly up: Codec<Up, UpReceived>;
  readonly down: Codec<Down, DownReceived>;
}

type Item =
  | { readonly kind: "message"; readonly bytes: Buffer }
  /** `lastWords`: nothing more will be written. `end`: it is over. */
  | { readonly kind: "lastWords" | "end" | "ping" | "pong" };

/** The other end, as far as the wire and the world's bookkeeping need it. */
interface Far {
  readonly process: SimulatedProcess;
  arrive(item: Item): void;
  wasRead(): void;
}

/** So many messages that the other end has not read, and `write` says that it is full. */
const fullAt = 32;
/** As `clientOptions` has it. */
const pingIntervalMs = 10_000;
const pingTimeoutMs = 10_000;
/** When the kernel tries again to reach somebody who did not answer, and when gRPC gives that up. */
const synRetryMs = [1_000, 2_000, 4_000, 8_000];
const dialTimeoutMs = 20_000;

export class End<Incoming, Outgoing> implements AcceptedStream<Incoming, Outgoing>, Far {
  readonly process: SimulatedProcess;
  readonly #encode: (message: Outgoing) => Buffer;
  readonly #decode: (bytes: Buffer) => Incoming;
  #lane: Lane<Item> | null = null;
  #far: Far | null = null;
  #listener: StreamListener<Incoming> | null = null;
  #over = false;
  #unsent: Buffer[] = [];
  readonly #early: Incoming[] = [];
  #unread = 0;
  #full = false;
  #pongAtMs = 0;

  constructor(process: SimulatedProcess, encode: (message: Outgoing) => Buffer, decode: (bytes: Buffer) => Incoming) {
    this.process = process;
    this.#encode = encode;
    this.#decode = decode;
  }

  get isOver(): boolean {
    return this.#over;
  }

  listen(listener: StreamListener<Incoming>): void {
    this.#listener = listener;
    for (const message of this.#early.splice(0)) this.process.soon(() => this.#receive(message));
  }

  write(message: Outgoing): boolean {
    if (this.#over) return true;
    const bytes = this.#encode(message);
    this.#unread += 1;
    if (this.#lane === null) this.#unsent.push(bytes);
    else this.#lane.send({ kind: "message", bytes });
    this.#full ||= this.#unread >= fullAt;
    return !this.#full;
  }

  close(): void {
    if (this.#over) return;
    this.#lane?.send({ kind: "end" });
    this.finish();
  }

  /** Nothing more will be written; the other end ends the stream when it has taken everything. */
  finishWriting(): void {
    if (!this.#over) this.#lane?.send({ kind: "lastWords" });
  }

  refuse(): void {
    this.close();
  }

  /** It is over for this end, and the other end is not told. */
  finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#unsent = [];
    this.#listener?.ended();
  }

  /** The kernel of a process that died ends what it had open. */
  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    this.#lane?.send({ kind: "end" });
  }

  get isJoined(): boolean {
    return this.#lane !== null;
  }

  /** The connection stands, as far as this end knows. */
  join(network: Network, far: Far): void {
    this.#far = far;
    const reset = () => this.process.run(() => this.finish());
    const lane = new Lane<Item>(network, this.process, far.process, (item) => far.arrive(item), reset);
    this.#lane = lane;
    for (const bytes of this.#unsent.splice(0)) lane.send({ kind: "message", bytes });
    if (this.#over) lane.send({ kind: "end" });
  }

  /** As the library's keepalive: a connection whose other end answers nothing is given up. */
  keepAlive(): void {
    this.process.after(pingIntervalMs, () => {
      if (this.#over) return;
      const askedAtMs = this.process.now().steadyMs;
      this.#lane?.send({ kind: "ping" });
      this.process.after(pingTimeoutMs, () => {
        if (this.#pongAtMs < askedAtMs) this.close();
      });
      this.keepAlive();
    });
  }

  /** Called by the lane, in the process of this end. */
  arrive(item: Item): void {
    switch (item.kind) {
      case "ping":
        return this.#over ? undefined : this.#lane?.send({ kind: "pong" });
      case "pong":
        this.#pongAtMs = this.process.now().steadyMs;
        return;
      case "lastWords":
        return this.close();
      case "end":
        return this.finish();
      case "message":
        this.#far?.wasRead();
        if (!this.#over) this.#receive(this.#decode(item.bytes));
    }
  }

  #receive(message: Incoming): void {
    if (this.#over) return;
    if (this.#listener === null) this.#early.push(message);
    else this.#listener.received(message);
  }

  wasRead(): void {
    this.#unread -= 1;
    if (!this.#full || this.#unread > fullAt / 2) return;
    this.#full = false;
    this.process.soon(() => {
      if (!this.#over) this.#listener?.drained();
    });
  }
}

/**
 * Begins to dial; the stream ends when that fails. Refused means at once; unreachable is found out by time.
 * @param service which of those that listen at the address
 * @param opened called when the stream stands
 */
export function dial<Up, UpReceived, Down, DownReceived>(
  network: Network,
  from: SimulatedProcess,
  to: { readonly address: string; readonly service: string },
  { up, down }: Protocol<Up, UpReceived, Down, DownReceived>,
  opened: () => void = () => {},
): End<DownReceived, Up> {
  const near = new End<DownReceived, Up>(from, up.encode, down.decode);
  from.onDeath((how) => how !== "machineDown" && near.abandon());
  from.after(dialTimeoutMs, () => !near.isJoined && near.finish());
  const shakeHands = (listener: Listener) => {
    if (near.isOver || from.isDead) return;
    const far = new End<UpReceived, Down>(listener.process, down.encode, up.decode);
    listener.process.onDeath((how) => how !== "machineDown" && far.abandon());
    far.join(network, near);
    listener.accept(to.service, far);
    network.time.after(network.path(listener.process.machine, from.machine).drawDelayMs(), () =>
      from.run(() => {
        const wasOver = near.isOver;
        near.join(network, far);
        if (wasOver) return;
        near.keepAlive();
        opened();
      }),
    );
  };
  // The kernel accepts for a stopped process, which shakes hands when it goes on.
  const refused = () => from.run(() => near.isJoined || near.finish());
  const accepted = (listener: Listener) => {
    listener.process.onDeath((how) => how !== "machineDown" && refused());
    listener.process.run(() => shakeHands(listener));
  };
  knock(network, from, to.address, () => !near.isOver && !from.isDead, accepted, refused);
  return near;
}

function knock(
  network: Network,
  from: SimulatedProcess,
  address: string,
  stillWanted: () => boolean,
  accepted: (listener: Listener) => void,
  refused: () => void,
  tries = 0,
): void {
  if (!stillWanted()) return;
  network.knock(
    from.machine,
    address,
    (listener) => (listener === null ? refused() : accepted(listener)),
    () => {
      const waitMs = synRetryMs[tries];
      if (waitMs === undefined) return;
      network.time.after(waitMs, () => knock(network, from, address, stillWanted, accepted, refused, tries + 1));
    },
  );
}
