/**
 * Links to the other coordinators. Each opens one to each other and says on it what it has to say: which nodes it does not
 * hear, that it resigns, and what is to be passed on to the other.
 *
 * That a link breaks and a redial is refused shows that the process is dead: its sockets were closed by its kernel, and
 * nobody listens there any more. A host that is gone or cut off does not refuse; then only the lease's time tells.
 */
import type { Clock, Timer } from "@holdfast/shared/clock.ts";
import { maxMessageBytes } from "@holdfast/shared/contract/channel-options.ts";
import type { HearingView, HearingView__Output } from "@holdfast/shared/contract/generated/holdfast/v1/HearingView.ts";
import type { PeerMessage, PeerMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/PeerMessage.ts";
import { HoldfastError, invalidField } from "@holdfast/shared/errors.ts";
import type { CoordinatorPorts, OutgoingPeerStream } from "../ports.ts";
import { FlowLimit } from "../session/flow-limit.ts";
import { Outbox } from "../session/outbox.ts";
import { checkIdentity } from "../session/translate.ts";
import type { CoordinatorEntry } from "../store/store.ts";
import type { AcceptedStream } from "../stream/stream.ts";

export interface PeerLinksParts extends Pick<CoordinatorPorts, "dialPeer" | "refusesConnections" | "log"> {
  readonly self: CoordinatorEntry;
  readonly clock: Pick<Clock, "every" | "now">;
  readonly hearing: () => HearingView;
  readonly heardPeer: (coordinatorId: string, view: HearingView__Output) => void;
  /** What comes besides: for those whom it concerns. */
  readonly received: (coordinatorId: string, message: PeerMessage__Output) => void;
  /** The process of this coordinator is dead, or it says that it has resigned. */
  readonly peerGone: (coordinatorId: string) => void;
  /** A link broke, the peer's or ours: what was on its way is lost. */
  readonly broken: (coordinatorId: string) => void;
  /** Something unforeseen happened. */
  readonly failed: (error: unknown) => void;
}

export type PeerStream = AcceptedStream<PeerMessage__Output, PeerMessage>;

interface Link {
  readonly entry: CoordinatorEntry;
  readonly stream: OutgoingPeerStream;
  readonly outbox: Outbox<PeerMessage>;
  open: boolean;
}

interface Incoming {
  readonly stream: PeerStream;
  readonly limit: FlowLimit;
  /** "": it has not said Hello. */
  coordinatorId: string;
}

const viewIntervalMs = 500;
/** A silent node takes its name and this. */
const bytesOfSilence = 10;
const smallViewBytes = 256;
/** Enough for the beats and reports of all nodes of a cell, if all are cut off from the leader. */
const incomingLimit = { burst: 100_000, perSecond: 30_000 };
const outgoingLimits = { messages: 50_000, bytes: 32 * 1024 * 1024 };
/** A cluster has a handful of coordinators; each may dial again before its older stream is known to be over. */
const maxIncoming = 64;

export class PeerLinks {
  readonly #parts: PeerLinksParts;
  readonly #links = new Map<string, Link>();
  readonly #incoming = new Set<Incoming>();
  readonly #views = new Map<string, { readonly revision: string; readonly leadingEpoch: number }>();
  readonly #timer: Timer;
  #closed = false;

  constructor(parts: PeerLinksParts) {
    this.#parts = parts;
    this.#timer = parts.clock.every(viewIntervalMs, () => this.tellHearing());
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
    return this.#views.get(coordinatorId)?.revision ?? "";
  }

  /** Which of the others leads, as far as they have told; "" for none. */
  get leaderId(): string {
    let leaderId = "";
    let highest = 0;
    for (const [id, { leadingEpoch }] of this.#views) {
      if (leadingEpoch <= highest) continue;
      highest = leadingEpoch;
      leaderId = id;
    }
    return leaderId;
  }

  /** The same with where it is reached; null also when there is no link to it. */
  get leader(): { readonly id: string; readonly address: string; readonly epoch: number } | null {
    const id = this.leaderId;
    const link = this.#links.get(id);
    if (link?.open !== true) return null;
    return { id, address: link.entry.address, epoch: this.#views.get(id)?.leadingEpoch ?? 0 };
  }

  /** @returns false when there is no link to that coordinator; true does not say that it arrives */
  send(coordinatorId: string, message: PeerMessage, roughBytes?: number): boolean {
    const link = this.#links.get(coordinatorId);
    if (link?.open !== true) return false;
    link.outbox.send(message, roughBytes);
    return link.open;
  }

  /** Tells all that this coordinator has given its leadership up. */
  resigned(epoch: number): void {
    for (const { outbox, open } of this.#links.values()) if (open) outbox.send({ resigned: { epoch } });
  }

  /** Tells all at once what they are otherwise told twice a second. */
  tellHearing(): void {
    // Whoever does not read at the moment misses a view that will be out of date when it does.
    const ready = [...this.#links.values()].filter(({ open, outbox }) => open && !outbox.blocked);
    if (ready.length === 0) return;
    const hearing = this.#parts.hearing();
    let bytes = smallViewBytes;
    for (const nodeId of hearing.silentNodeIds ?? []) bytes += nodeId.length + bytesOfSilence;
    // Half a view would call all others heard; without one, nothing is taken for witnessed.
    if (bytes > maxMessageBytes) {
      return this.#parts.log.error({ bytes }, "more nodes are silent than one message can name; remove some");
    }
    for (const { outbox } of ready) outbox.send({ hearing }, bytes);
  }

  /** The handler of PeerService.Link. */
  accept(stream: PeerStream): void {
    const { clock, log, failed } = this.#parts;
    const incoming: Incoming = {
      stream,
      limit: new FlowLimit(incomingLimit, clock.now().steadyMs),
      coordinatorId: "",
    };
    this.#incoming.add(incoming);
    stream.listen({
      received: (message) => {
        try {
          this.#take(incoming, message);
        } catch (error) {
          if (!(error instanceof HoldfastError)) return failed(error);
          log.warn({ peer: incoming.coordinatorId, reason: error.message }, "a coordinator's link is refused");
          stream.refuse(error);
        }
      },
      drained: () => {},
      ended: () => this.#incomingEnded(incoming),
    });
    if (this.#incoming.size > maxIncoming) {
      // Those who have not even said who they are must not keep out those who will.
      const surplus = [...this.#incoming].find(({ coordinatorId }) => coordinatorId === "") ?? incoming;
      const message = `${maxIncoming} coordinators are linked already; a cluster has a handful`;
      surplus.stream.refuse(new HoldfastError("resourceExhausted", message));
      if (surplus === incoming) return;
    }
    // The first answer shows the dialler that its link stands.
    stream.write({ hello: this.#hello() });
  }

  close(): void {
    this.#closed = true;
    this.#timer.cancel();
    for (const link of [...this.#links.values()]) this.#drop(link);
    for (const { stream } of this.#incoming) stream.close();
  }

  #take(incoming: Incoming, message: PeerMessage__Output): void {
    if (!this.#incoming.has(incoming)) return;
    if (!incoming.limit.takes(1, this.#parts.clock.now().steadyMs)) {
      throw new HoldfastError("resourceExhausted", "this link brings more than any coordinator has reason to send");
    }
    if (message.hello !== undefined) return this.#takeHello(incoming, message.hello.coordinatorId);
    const { coordinatorId } = incoming;
    if (coordinatorId === "") throw invalidField("content", "the first message of a link must be a PeerHello");
    if (message.hearing !== undefined) {
      const { revision = "", leadingEpoch = 0 } = message.hearing;
      this.#views.set(coordinatorId, { revision, leadingEpoch });
      this.#parts.heardPeer(coordinatorId, message.hearing);
    } else if (message.resigned !== undefined) this.#parts.peerGone(coordinatorId);
    else this.#parts.received(coordinatorId, message);
  }

  #takeHello(incoming: Incoming, claimed: string | undefined): void {
    const coordinatorId = checkIdentity("hello.coordinator_id", claimed);
    if (coordinatorId === this.#parts.self.id) {
      throw invalidField(
        "hello.coordinator_id",
        `is ${coordinatorId}, which is this coordinator; give each its own number`,
      );
    }
    if (incoming.coordinatorId !== "" && incoming.coordinatorId !== coordinatorId) {
      throw invalidField("hello.coordinator_id", `is ${coordinatorId}, but this link is ${incoming.coordinatorId}'s`);
    }
    // What an older link still brings must not come after what this one brings.
    for (const older of [...this.#incoming]) {
      if (older === incoming || older.coordinatorId !== coordinatorId) continue;
      this.#incomingEnded(older);
      older.stream.close();
    }
    incoming.coordinatorId = coordinatorId;
  }

  #incomingEnded(incoming: Incoming): void {
    const { coordinatorId } = incoming;
    if (!this.#incoming.delete(incoming) || coordinatorId === "") return;
    this.#views.delete(coordinatorId);
    this.#parts.broken(coordinatorId);
  }

  #dial(entry: CoordinatorEntry): void {
    const stream = this.#parts.dialPeer(entry);
    const outbox = new Outbox(stream, () => this.#overflown(link), outgoingLimits);
    const link: Link = { entry, stream, outbox, open: false };
    this.#links.set(entry.id, link);
    stream.listen({
      received: () => {
        if (!link.open) this.#parts.log.info({ peer: entry.id }, "linked to a coordinator");
        link.open = true;
      },
      drained: () => outbox.drained(),
      ended: () => this.#ended(link),
    });
    stream.write({ hello: this.#hello() });
  }

  /** It is dialled again when the coordinators are listed next. */
  #overflown(link: Link): void {
    this.#parts.log.warn({ peer: link.entry.id }, "a coordinator does not read what it is sent; linking anew");
    this.#drop(link);
  }

  #ended(link: Link): void {
    if (this.#links.get(link.entry.id) !== link) return;
    const wasOpen = link.open;
    this.#drop(link);
    if (wasOpen && !this.#closed) this.#probe(link.entry).catch(this.#parts.failed);
  }

  /** Is anybody listening there? Only a refusal proves that nobody is. */
  async #probe(entry: CoordinatorEntry): Promise<void> {
    if (!(await this.#parts.refusesConnections(entry.address)) || this.#closed) return;
    this.#parts.log.info({ peer: entry.id }, "a coordinator's process is dead");
    this.#parts.peerGone(entry.id);
  }

  #drop(link: Link): void {
    if (this.#links.get(link.entry.id) === link) this.#links.delete(link.entry.id);
    link.open = false;
    link.outbox.close();
    link.stream.close();
    this.#parts.broken(link.entry.id);
  }

  #hello() {
    const { id, address, version, startedAtMs } = this.#parts.self;
    return { coordinatorId: id, address, version, startedAtMs };
  }
}
