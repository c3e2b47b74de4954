/**
 * All that a coordinator needs from the world. Production has this machine's (`system-ports.ts`), a simulation its own; with
 * equal ports a coordinator does equal things, in equal order.
 */
import type { Clock } from "@holdfast/shared/clock.ts";
import type { PeerMessage, PeerMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/PeerMessage.ts";
import type { CoordinatorMeter } from "./exposition/coordinator-meter.ts";
import type { Journal } from "./loop/journal.ts";
import type { LogMemory, Log as LoopLog, Onlooker, Randomness } from "./loop/ports.ts";
import type { SeriesArchive } from "./store/archive.ts";
import type { CoordinatorEntry, Store } from "./store/store.ts";
import type { Stream } from "./stream/stream.ts";

export interface Log extends LoopLog {
  debug(details: object, message: string): void;
}

export type OutgoingPeerStream = Stream<PeerMessage__Output, PeerMessage>;

export interface CoordinatorPorts {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly store: Store;
  readonly archive: SeriesArchive;
  readonly memory: LogMemory;
  readonly journal: Journal;
  /** Begins to dial PeerService.Link of a coordinator; the stream ends when that fails. */
  readonly dialPeer: (entry: CoordinatorEntry) => OutgoingPeerStream;
  /**
   * Is a connection to this address (host:port) refused? Only that proves that no process listens there; a time-out, or a
   * network that cannot be reached, does not.
   */
  readonly refusesConnections: (address: string) => Promise<boolean>;
  readonly log: Log;
  /** Counts what happens, for /metrics; none where nobody asks. */
  readonly meter?: CoordinatorMeter | undefined;
  /** Production has none. */
  readonly onlooker?: Onlooker | undefined;
}
