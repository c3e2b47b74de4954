/** A coordinator's ports to this machine and its network. */
import { randomBytes, randomInt } from "node:crypto";
import type { ChannelCredentials } from "@grpc/grpc-js";
import { systemClock } from "@holdfast/shared/clock.ts";
import type { Journal } from "./loop/journal.ts";
import { CoordinatorMemory } from "./loop/memory.ts";
import type { Randomness } from "./loop/ports.ts";
import { dialPeer, refusesConnections } from "./peer/dial.ts";
import type { CoordinatorPorts, Log } from "./ports.ts";
import type { SeriesArchive } from "./store/archive.ts";
import type { Store } from "./store/store.ts";

const systemRandomness: Randomness = {
  seed: () => randomInt(2 ** 32),
  batchId: () => randomBytes(12).toString("base64url"),
  lineage: () => randomBytes(8).toString("hex"),
};

export interface SystemPortsParts {
  /** The coordinator's own folder. */
  readonly dataDir: string;
  readonly store: Store;
  readonly archive: SeriesArchive;
  readonly journal: Journal;
  /** For the other coordinators. */
  readonly credentials: ChannelCredentials;
  readonly log: Log;
}

/** @throws Error when what the folder remembers cannot be read */
export function systemPorts({
  dataDir,
  store,
  archive,
  journal,
  credentials,
  log,
}: SystemPortsParts): CoordinatorPorts {
  return {
    clock: systemClock,
    randomness: systemRandomness,
    store,
    archive,
    memory: new CoordinatorMemory(dataDir),
    journal,
    dialPeer: ({ address }) => dialPeer(address, credentials),
    refusesConnections,
    log,
  };
}
