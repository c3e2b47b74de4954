/**
 * A client of the cluster, with the manners of the real one: asks whom it takes for the leader, tries others when it gets no
 * answer, and repeats a submission with the same request id until it is accepted or finally refused.
 */
import type { WriteAnswer, WriteKind, WriteRequest } from "@holdfast/coordinator/core/event.ts";
import type { HoldfastError } from "@holdfast/shared/errors.ts";
import type { SimulatedCoordinator } from "../cluster/simulated-coordinator.ts";
import type { History } from "../history.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import type { Network } from "../network/network.ts";
import type { Random } from "../random.ts";
import { call, type Outcome } from "./call.ts";

export interface ClientParts {
  readonly clientId: string;
  readonly process: SimulatedProcess;
  readonly network: Network;
  readonly coordinators: readonly SimulatedCoordinator[];
  readonly history: History;
  readonly nextCallId: () => number;
  /** Of calls that are performed twice. */
  readonly twiceRate: () => number;
  readonly crashed: (error: unknown) => void;
}

export type Settled<Kind extends WriteKind> =
  | { readonly kind: "answered"; readonly answer: WriteAnswer<Kind> }
  | { readonly kind: "refused"; readonly error: HoldfastError };

const callTimeoutMs = 3_000;
const retryMinMs = 100;
const retryMaxMs = 1_000;
const worthRepeating: ReadonlySet<string> = new Set(["unavailable", "resourceExhausted", "deadlineExceeded"]);

export class Client {
  readonly #parts: ClientParts;
  #leader: SimulatedCoordinator | null = null;

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  /** Repeats until there is an answer. `make` is asked for each try: what does not change must not depend on it. */
  async surely<Kind extends WriteKind>(random: Random, make: () => WriteRequest<Kind>): Promise<Settled<Kind>> {
    for (;;) {
      const outcome = await this.#try(random, make());
      if (outcome.kind === "answered") return { kind: "answered", answer: outcome.result };
      if (outcome.kind === "refused" && !worthRepeating.has(outcome.error.code)) return outcome;
      await this.#parts.process.sleep(random.between(retryMinMs, retryMaxMs));
    }
  }

  /** A read, by any coordinator; null: it was not answered. */
  async ask<Result>(
    random: Random,
    query: (coordinator: NonNullable<SimulatedCoordinator["coordinator"]>) => Promise<Result>,
  ): Promise<{ readonly coordinatorId: string; readonly result: Result } | null> {
    const to = random.pick(this.#parts.coordinators);
    const outcome = await this.#call(to, query, false);
    return outcome.kind === "answered" ? { coordinatorId: to.id, result: outcome.result } : null;
  }

  async #try<Kind extends WriteKind>(random: Random, request: WriteRequest<Kind>): Promise<Outcome<WriteAnswer<Kind>>> {
    const { clientId, history, coordinators, nextCallId, twiceRate } = this.#parts;
    const to = this.#leader ?? random.pick(coordinators);
    const callId = nextCallId();
    const isRepeatable = request.kind === "submit" || request.kind === "submitBatch" || request.kind === "retry";
    const twice = isRepeatable && random.chance(twiceRate());
    history.record({ kind: "called", callId, clientId, coordinatorId: to.id, request: request as WriteRequest });
    let leaderId: string | null = null;
    const outcome = await this.#call(
      to,
      async (coordinator) => {
        leaderId = coordinator.leader()?.id ?? null;
        return (await coordinator.write(request)).answer;
      },
      twice,
    );
    if (outcome.kind === "answered") {
      this.#leader = to;
      history.record({ kind: "answered", callId, answer: outcome.result });
    } else {
      this.#leader = coordinators.find(({ id }) => id === leaderId && id !== to.id) ?? null;
      if (outcome.kind === "unanswered") history.record({ kind: "unanswered", callId });
      else {
        const { code, message } = outcome.error;
        history.record({ kind: "refused", callId, code, message });
      }
    }
    return outcome;
  }

  #call<Result>(
    to: SimulatedCoordinator,
    act: (coordinator: NonNullable<SimulatedCoordinator["coordinator"]>) => Promise<Result>,
    twice: boolean,
  ): Promise<Outcome<Result>> {
    const { network, process, crashed } = this.#parts;
    return call({ network, from: process, to, act, timeoutMs: callTimeoutMs, twice, crashed });
  }
}
