/** What the cluster has said that happened, followed from its beginning and kept, so that a test may also look back. */

import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { ClusterEvent } from "@holdfast/shared/client/messages.ts";
import { eventually } from "./waiting.ts";

export class EventRecord {
  readonly all: ClusterEvent[] = [];
  readonly #stopping = new AbortController();
  #failure: unknown;

  constructor(client: HoldfastClient) {
    this.#follow(client).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) this.#failure = error;
    });
  }

  async #follow(client: HoldfastClient): Promise<void> {
    for await (const { events = [] } of client.cluster.events({ follow: true }, this.#stopping.signal)) {
      this.all.push(...events);
    }
  }

  /** Of that kind, oldest first; about that subject where one is given. */
  of(kind: string, subject?: string): ClusterEvent[] {
    return this.all.filter((event) => event.kind === kind && (subject === undefined || event.subject === subject));
  }

  /** The first of that kind (and subject), as soon as it is there; `count`: the so many-th. */
  async seen(kind: string, subject?: string, count = 1, withinMs?: number): Promise<ClusterEvent> {
    const about = subject === undefined ? "" : ` about ${subject}`;
    const expected = `${count === 1 ? "an event" : `${count} events`} ${kind}${about}`;
    const look = () => {
      if (this.#failure !== undefined) throw this.#failure;
      return this.of(kind, subject)[count - 1];
    };
    return eventually(expected, look, {
      seen: () => this.summary(),
      ...(withinMs === undefined ? {} : { withinMs }),
    });
  }

  summary(): string {
    return this.all.map(({ kind, subject }) => `${kind}(${subject})`).join(", ");
  }

  close(): void {
    this.#stopping.abort();
  }
}
