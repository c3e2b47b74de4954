/**
 * The client of a cluster: several coordinators' addresses, any of which may be dead at any time.
 *
 * A unary call looks for a coordinator that can answer until its deadline; streams go on elsewhere when their coordinator
 * dies. Everything that fails is a HoldfastError.
 */

import { clientCredentials, type TlsFiles } from "../tls.ts";
import { Caller } from "./caller.ts";
import { ClusterClient } from "./cluster-client.ts";
import { CoordinatorPool } from "./coordinator-pool.ts";
import { NodeClient } from "./node-client.ts";
import { TaskClient } from "./task-client.ts";

export interface HoldfastClientOptions {
  /** `host:port` of each coordinator; see `resolveClientSettings` and `parseAddresses`. */
  readonly addresses: readonly string[];
  readonly tls?: TlsFiles | undefined;
  /** For requests that name none. Default "default". */
  readonly namespace?: string | undefined;
  /** For unary calls that name none. Default 10,000. */
  readonly deadlineMs?: number | undefined;
  /** How long to look for the first coordinator ever reached, within the deadline. Default 3,000. */
  readonly firstContactMs?: number | undefined;
  /** How long a stream looks for a coordinator that continues it. Default 60,000. */
  readonly streamPatienceMs?: number | undefined;
  /** Uniform in [0, 1): chooses the first coordinator and spreads the retries. */
  readonly random?: (() => number) | undefined;
}

export class HoldfastClient {
  readonly tasks: TaskClient;
  readonly nodes: NodeClient;
  readonly cluster: ClusterClient;
  readonly #pool: CoordinatorPool;

  /** @throws HoldfastError failedPrecondition when a TLS file cannot be read */
  constructor(options: HoldfastClientOptions) {
    this.#pool = new CoordinatorPool({
      addresses: options.addresses,
      credentials: clientCredentials(options.tls ?? null),
      random: options.random ?? Math.random,
      now: () => performance.now(),
    });
    const caller = new Caller(this.#pool, {
      namespace: options.namespace ?? "default",
      deadlineMs: options.deadlineMs ?? 10_000,
      firstContactMs: options.firstContactMs ?? 3_000,
      streamPatienceMs: options.streamPatienceMs ?? 60_000,
    });
    this.tasks = new TaskClient(caller);
    this.nodes = new NodeClient(caller);
    this.cluster = new ClusterClient(caller);
  }

  /** Ends the connections; calls under way fail. */
  close(): void {
    this.#pool.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
