/**
 * Links to the other coordinators. Each opens one to each other and tells on it which nodes it does not hear.
 *
 * That a link breaks and a redial is refused shows that the process is dead: its sockets were closed by its kernel, and
 * nobody listens there any more. A host that is gone or cut off does not refuse; then only the lease's time tells.
 */
import type { Clock, Timer } from "@holdfast/shared/clock.ts";
import type { PeerMessage, PeerMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/PeerMessage.ts";
import type { PeerHearing } from "../core/event.ts";
import type { CoordinatorPorts, OutgoingPeerStream } from "../ports.ts";
import type { CoordinatorEntry } from "../store/store.ts";
import type { AcceptedStream } from "../stream/stream.ts";

export interface PeerLinksParts extends Pick<CoordinatorPorts, "dialPeer" | "refusesConnections"> {
  readonly self: CoordinatorEntry;
  readonly clock: Pick<Clock, "every">;
  readonly hearing: () => {
    silentNodeIds: readonly string[];
    steadyForMs: number;
    revision: string;
    leadingEpoch: number;
  };
  readonly heardPeer: (hearing: PeerHearing) => void;
  /** The process of this coordinator is dead, or it says that it has resigned. */
  readonly peerGone: (coordinatorId: string) => void;
  readonly log: { info(details: object, message: string): void };
}

export type PeerStream = AcceptedStream<PeerMessage__Output, PeerMessage>;

interface Link {
  readonly entry: CoordinatorEntry;
  readonly stream: OutgoingPeerStream;
  open: boolean;
  /** The peer does not read at the moment; what it misses is out of date anyway. */
  blocked: boolean;
}

const viewIntervalMs = 500;

export class PeerLinks {
  readonly #parts: PeerLinksParts;
  readonly #links = new Map<string, Link>();
  readonly #incoming = new Set<PeerStream>();
  readonly #revisions = new Map<string, string>();
  readonly #timer: Timer;
  #closed = false;

  constructor(parts: PeerLinksParts) {
    this.#parts = parts;
    this.#timer = parts.clock.every(viewIntervalMs, () => this.#tellHearing());
  }

  /** Opens links to those that have none, and closes those whose coordinator is no longer listed or has moved. */
  setPeers(entries: readonly CoordinatorEntry[]): void {
    const others = entries.filter((entry) => entry.id !== this.#parts.self.id);
    for (const [id, link] of this.#links) {
      const listed = others.find((entry) => entry.id === id);
      if (listed?.address !== link.entry.address || listed.startedAtMs !== link.entry.startedAtMs) this.#drop(link);
    }
    for (const entry of others) if (!this.#links.has(entry.id) && !this.#closed) this.#dial(entry);
  }

  isReachable(coordinatorId: string): boolean {
    return this.#links.get(coordinatorId)?.open === true;
  }

  /** "" when unknown. */
  revisionOf(coordinatorId: string): string {
    return this.#revisions.get(coordinatorId) ?? "";
  }

  /** Tells all that this coordinator has given its leadership up. */
  resigned(epoch: number): void {
    for (const { stream, open } of this.#links.values()) if (open) stream.write({ resigned: { epoch } });
  }

  /** The handler of PeerService.Link. */
  accept(stream: PeerStream): void {
    let peerId = "";
    this.#incoming.add(stream);
    stream.listen({
      received: (message) => {
        if (message.hello !== undefined) peerId = message.hello.coordinatorId ?? "";
        if (peerId === "") return;
        if (message.hearing !== undefined) this.#takeHearing(peerId, message.hearing);
        if (message.resigned !== undefined) this.#parts.peerGone(peerId);
      },
      drained: () => {},
      ended: () => this.#incoming.delete(stream),
    });
    // The first answer shows the dialler that its link stands.
    stream.write({ hello: this.#hello() });
  }

  close(): void {
    this.#closed = true;
    this.#timer.cancel();
    for (const link of [...this.#links.values()]) this.#drop(link);
    for (const stream of this.#incoming) stream.close();
  }

  #dial(entry: CoordinatorEntry): void {
    const stream = this.#parts.dialPeer(entry);
    const link: Link = { entry, stream, open: false, blocked: false };
    this.#links.set(entry.id, link);
    stream.listen({
      received: () => {
        if (!link.open) this.#parts.log.info({ peer: entry.id }, "linked to a coordinator");
        link.open = true;
      },
      drained: () => {
        link.blocked = false;
      },
      ended: () => this.#broken(link),
    });
    stream.write({ hello: this.#hello() });
  }

  #broken(link: Link): void {
    if (this.#links.get(link.entry.id) !== link) return;
    const wasOpen = link.open;
    this.#drop(link);
    if (wasOpen && !this.#closed) void this.#probe(link.entry);
  }

  /** Is anybody listening there? Only a refusal proves that nobody is. */
  async #probe(entry: CoordinatorEntry): Promise<void> {
    if (!(await this.#parts.refusesConnections(entry.address)) || this.#closed) return;
    this.#parts.log.info({ peer: entry.id }, "a coordinator's process is dead");
    this.#parts.peerGone(entry.id);
  }

  #drop(link: Link): void {
    this.#links.delete(link.entry.id);
    link.open = false;
    link.stream.close();
  }

  #takeHearing(peerId: string, message: NonNullable<PeerMessage__Output["hearing"]>): void {
    this.#revisions.set(peerId, message.revision ?? "");
    const { silentNodeIds = [], steadyForMs = 0 } = message;
    this.#parts.heardPeer({ coordinatorId: peerId, silentNodeIds, steadyForMs });
  }

  #tellHearing(): void {
    const open = [...this.#links.values()].filter((link) => link.open && !link.blocked);
    if (open.length === 0) return;
    const { silentNodeIds, ...rest } = this.#parts.hearing();
    const message: PeerMessage = { hearing: { silentNodeIds: [...silentNodeIds], ...rest } };
    for (const link of open) link.blocked = !link.stream.write(message);
  }

  #hello() {
    const { id, address, version, startedAtMs } = this.#parts.self;
    return { coordinatorId: id, address, version, startedAtMs };
  }
}
