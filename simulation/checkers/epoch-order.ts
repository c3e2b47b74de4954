/**
 * No write of an older epoch after a newer one: once a server has given the lease to an epoch, or written for one, it writes
 * nothing for a lower one. And every batch follows on the one that the server's log ended with.
 */
import type { HistoryEvent } from "../history.ts";
import { at, Checker } from "./checker.ts";
import type { CommittedChange } from "./committed-log.ts";

export class EpochOrder extends Checker {
  readonly name = "no write of an older epoch after a newer one";
  /** By server: the highest epoch that it has acquired or written for. */
  readonly #highest = new Map<string, number>();

  override committed({ atMs, serverId, endedAt, other, entry }: CommittedChange): void {
    const highest = this.#highest.get(serverId) ?? 0;
    const what = `${serverId} wrote batch ${entry.key} of ${entry.coordinatorId}`;
    if (entry.epoch < highest) this.violated(atMs, `${what} ${at(atMs)}, after epoch ${highest} had begun there`);
    if (endedAt !== "" && endedAt !== entry.previousKey) {
      this.violated(atMs, `${what} ${at(atMs)} behind ${endedAt}, but the batch follows on ${entry.previousKey}`);
    }
    if (other !== null) {
      this.violated(atMs, `${what} ${at(atMs)}; ${other.coordinatorId} wrote other records there ${at(other.atMs)}`);
    }
    this.#highest.set(serverId, Math.max(highest, entry.epoch));
  }

  override observe(event: HistoryEvent): void {
    // A server that lost writes may have lost what it knew of epochs, too.
    if (event.kind === "storeLost") this.#highest.delete(event.serverId);
    if (event.kind !== "acquired") return;
    this.#highest.set(event.serverId, Math.max(event.epoch, this.#highest.get(event.serverId) ?? 0));
  }
}
