/**
 * Orphans on their way from the coordinators that hold them to the one that leads: offered again and again, at any time of a
 * leadership, until the leader says that they are merged.
 *
 * An orphan travels as the text of its records, cut into pieces; a piece that does not follow the one before it begins
 * nothing, and the next offer is taken from its start.
 */
import type { Clock } from "@holdfast/shared/clock.ts";
import type { OrphanedRecords__Output } from "@holdfast/shared/contract/generated/holdfast/v1/OrphanedRecords.ts";
import type { PeerMessage, PeerMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/PeerMessage.ts";
import type { Orphan } from "../loop/journal.ts";

export interface OrphanExchangeParts {
  readonly clock: Pick<Clock, "now">;
  /** False when it cannot be sent now. */
  readonly send: (coordinatorId: string, message: PeerMessage, roughBytes: number) => boolean;
  /** Of another coordinator that leads; "" when there is none. */
  readonly leaderId: () => string;
  /** Ours, for the log that is led; the first is offered. */
  readonly orphans: () => readonly Orphan[];
  readonly drop: (orphanId: string) => void;
  /** For the leader alone: to be merged, unless it is being merged already. */
  readonly take: (from: string, orphan: Orphan) => void;
  readonly log: { info(details: object, message: string): void; warn(details: object, message: string): void };
}

interface Arriving {
  readonly id: string;
  readonly pieces: string[];
  length: number;
}

interface Offer {
  readonly orphan: Orphan;
  readonly leaderId: string;
  /** When a piece of it was sent last; on the steady clock. */
  sinceMs: number;
  readonly left: Iterator<PeerMessage, undefined>;
}

/** In UTF-16 units, of which one takes at most 3 bytes on the wire. */
const pieceLength = 64 * 1024;
const piecesAtOnce = 32;
const offerAgainMs = 3_000;
/** More than any journal holds by default; a larger one is cut off here rather than in memory. */
const arrivingLengthMax = 256 * 1024 * 1024;

export class OrphanExchange {
  readonly #parts: OrphanExchangeParts;
  /** By coordinator. */
  readonly #arriving = new Map<string, Arriving>();
  #offer: Offer | null = null;

  constructor(parts: OrphanExchangeParts) {
    this.#parts = parts;
  }

  /** To be called from time to time. */
  offer(): void {
    const leaderId = this.#parts.leaderId();
    const [orphan] = this.#parts.orphans();
    if (leaderId === "" || orphan === undefined) return;
    const nowMs = this.#parts.clock.now().steadyMs;
    const isSame = this.#offer?.orphan.id === orphan.id && this.#offer.leaderId === leaderId;
    if (!isSame) this.#parts.log.info({ orphan: orphan.id, to: leaderId }, "what the store has lost is offered");
    if (this.#offer === null || !isSame || nowMs - this.#offer.sinceMs >= offerAgainMs) {
      this.#offer = { orphan, leaderId, sinceMs: nowMs, left: messagesOf(orphan) };
    }
    this.#sendSome(this.#offer);
  }

  /** Not all at once: other messages use the same link. */
  #sendSome(offer: Offer): void {
    for (let sent = 0; sent < piecesAtOnce; sent += 1) {
      const { value: message, done } = offer.left.next();
      if (done === true) return;
      if (!this.#parts.send(offer.leaderId, message, pieceLength)) {
        this.#offer = null;
        return;
      }
      offer.sinceMs = this.#parts.clock.now().steadyMs;
    }
  }

  /** What a peer sends; other messages are not looked at. */
  receive(from: string, { orphanedRecords, orphansMerged }: PeerMessage__Output): void {
    if (orphanedRecords !== undefined) this.#collect(from, orphanedRecords);
    // Whoever leads no more may have merged it into what the storage has lost again.
    if (orphansMerged?.id !== undefined && from === this.#parts.leaderId()) this.#parts.drop(orphansMerged.id);
  }

  /** An orphan of that coordinator is durable in the log. */
  merged(origin: string, orphanId: string): void {
    this.#parts.send(origin, { orphansMerged: { id: orphanId } }, 0);
  }

  #collect(from: string, message: OrphanedRecords__Output): void {
    const { id = "", lines = [], piece = 0, lastPiece = false } = message;
    if (piece === 0) this.#arriving.set(from, { id, pieces: [], length: 0 });
    const arriving = this.#arriving.get(from);
    if (arriving?.id !== id || arriving.pieces.length !== piece) return;
    const text = lines.join("");
    arriving.pieces.push(text);
    arriving.length += text.length;
    if (arriving.length > arrivingLengthMax) {
      this.#arriving.delete(from);
      return this.#parts.log.warn({ from, id }, "an orphan is too large to be taken");
    }
    if (!lastPiece) return;
    this.#arriving.delete(from);
    this.#parts.take(from, orphanFrom(message, arriving.pieces.join("")));
  }
}

function* messagesOf({ id, lineage, fork, end, lines }: Orphan): Generator<PeerMessage, undefined> {
  const text = lines.join("\n");
  const described = { id, lineage, forkEpoch: fork.epoch, forkSequence: fork.sequence };
  const ends = { endEpoch: end.epoch, endSequence: end.sequence };
  for (let at = 0, piece = 0; ; piece += 1) {
    const next = cutBefore(text, at + pieceLength);
    const lastPiece = next >= text.length;
    yield { orphanedRecords: { ...described, ...ends, lines: [text.slice(at, next)], piece, lastPiece } };
    if (lastPiece) return undefined;
    at = next;
  }
}

/** Never between the halves of a character. */
function cutBefore(text: string, at: number): number {
  const code = text.charCodeAt(at - 1);
  return code >= 0xd800 && code < 0xdc00 ? at - 1 : at;
}

function orphanFrom(message: OrphanedRecords__Output, text: string): Orphan {
  const { id = "", lineage = "", forkEpoch = 0, forkSequence = 0, endEpoch = 0, endSequence = 0 } = message;
  return {
    id,
    lineage,
    fork: { epoch: Number(forkEpoch), sequence: Number(forkSequence) },
    end: { epoch: Number(endEpoch), sequence: Number(endSequence) },
    lines: text === "" ? [] : text.split("\n"),
  };
}
