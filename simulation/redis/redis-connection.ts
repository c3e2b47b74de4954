/**
 * One connection of a coordinator to Redis, with the manners of the production one (store/redis/connection.ts): nothing is
 * queued while there is none, nothing is sent twice, and a command without an answer for too long fails and takes the
 * connection with it. What was sent may still be executed.
 */
import { StoreUnavailable } from "@holdfast/coordinator/store/store.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import { Lane } from "../network/lane.ts";
import type { Network } from "../network/network.ts";
import type { Random } from "../random.ts";
import type { RedisDeployment } from "./redis-deployment.ts";
import type { Command, CommandKind, RedisServer, Reply } from "./redis-server.ts";

/** What may go wrong on the way, for each command: see faults. */
export interface Mishaps {
  /** Of commands: they never arrive. */
  requestLostRate: number;
  /** Of answers: the command was executed, and nobody is told. */
  answerLostRate: number;
  /** Of commands: executed twice, as by a client that sends again after a reconnect. */
  twiceRate: number;
  /** Nothing arrives on the lease's own connection. */
  leaseIsLost: boolean;
  /** So much later do answers come on the others. */
  answerDelayMs: number;
}

export const noMishaps: Readonly<Mishaps> = Object.freeze({
  requestLostRate: 0,
  answerLostRate: 0,
  twiceRate: 0,
  leaseIsLost: false,
  answerDelayMs: 0,
});

export type Purpose = "lease" | "tail" | "main";

interface Link {
  readonly server: RedisServer;
  readonly up: Lane<() => void>;
  readonly down: Lane<() => void>;
  readonly pending: Set<(error: StoreUnavailable) => void>;
  isOver: boolean;
}

const retryDelayMinMs = 50;
const retryDelayMaxMs = 1_000;

export class RedisConnection {
  readonly #process: SimulatedProcess;
  readonly #coordinatorId: string;
  readonly #network: Network;
  readonly #deployment: RedisDeployment;
  readonly #random: Random;
  readonly #mishaps: Mishaps;
  readonly #purpose: Purpose;
  #link: Link | null = null;
  #tries = 0;
  #closed = false;

  constructor(parts: {
    readonly process: SimulatedProcess;
    readonly coordinatorId: string;
    readonly network: Network;
    readonly deployment: RedisDeployment;
    readonly random: Random;
    readonly mishaps: Mishaps;
    readonly purpose: Purpose;
  }) {
    this.#process = parts.process;
    this.#coordinatorId = parts.coordinatorId;
    this.#network = parts.network;
    this.#deployment = parts.deployment;
    this.#random = parts.random;
    this.#mishaps = parts.mishaps;
    this.#purpose = parts.purpose;
    this.#connect();
  }

  /** The server that it is connected to; null: none. */
  get server(): RedisServer | null {
    return this.#link?.server ?? null;
  }

  /**
   * @param delayed called in the server, gives the answer later: for reads that wait
   * @throws StoreUnavailable, StoreFull, or what the command threw
   */
  run<Result>(
    kind: CommandKind,
    command: Command,
    timeoutMs: number,
    delayed?: (server: RedisServer, reply: Reply, answer: (reply: Reply) => void) => void,
  ): Promise<Result> {
    const link = this.#link;
    if (link === null) return Promise.reject(new StoreUnavailable("not connected"));
    return new Promise<Result>((resolve, reject) => {
      const settle = (reply: Reply) => {
        if (!link.pending.delete(fail)) return;
        timer.cancel();
        if (reply.ok) resolve(reply.value as Result);
        else {
          if (/READONLY/.test(reply.error.message)) this.#over(link, "the server is a replica now");
          reject(reply.error);
        }
      };
      const fail = (error: StoreUnavailable) => {
        timer.cancel();
        reject(error);
      };
      // As in production, what has arrived while the process was stopped gets its turn first.
      const giveUp = () => this.#process.soon(() => link.pending.has(fail) && this.#over(link, "nothing came in time"));
      const timer = this.#process.after(timeoutMs, giveUp);
      link.pending.add(fail);
      this.#send(link, kind, command, settle, delayed);
    });
  }

  close(): void {
    this.#closed = true;
    if (this.#link !== null) this.#over(this.#link, "the store was closed");
  }

  #send(
    link: Link,
    kind: CommandKind,
    command: Command,
    settle: (reply: Reply) => void,
    delayed?: (server: RedisServer, reply: Reply, answer: (reply: Reply) => void) => void,
  ): void {
    const { requestLostRate, answerLostRate, twiceRate, leaseIsLost, answerDelayMs } = this.#mishaps;
    const isLease = this.#purpose === "lease";
    if (isLease && leaseIsLost) return;
    if (requestLostRate > 0 && this.#random.chance(requestLostRate)) return;
    const answerIsLost = answerLostRate > 0 && this.#random.chance(answerLostRate);
    const times = twiceRate > 0 && this.#random.chance(twiceRate) ? 2 : 1;
    const { server } = link;
    const answer = (reply: Reply) => {
      if (answerIsLost) return;
      const send = () => link.down.send(() => settle(reply));
      if (isLease || answerDelayMs === 0) send();
      else this.#network.time.after(answerDelayMs, send);
    };
    for (let time = 1; time <= times; time += 1) {
      link.up.send(() =>
        server.execute(kind, command, (reply) => {
          // Of two answers the client takes the later for its own: it had given up on the connection of the first.
          if (time < times) return;
          if (delayed === undefined) answer(reply);
          else delayed(server, reply, answer);
        }),
      );
    }
  }

  #connect(): void {
    if (this.#closed) return;
    const server = this.#deployment.serverFor(this.#coordinatorId);
    const { machine } = this.#process;
    const there = this.#network.path(machine, server.machine);
    const back = this.#network.path(server.machine, machine);
    const reachable = !there.isBlocked && !back.isBlocked && !server.process.isDead && !server.process.isStopped;
    if (!reachable) return this.#tryAgain();
    this.#network.time.after(there.drawDelayMs() + back.drawDelayMs(), () =>
      this.#process.run(() => {
        if (server.process.isDead) return this.#tryAgain();
        this.#tries = 0;
        this.#link = this.#open(server);
      }),
    );
  }

  #open(server: RedisServer): Link {
    const closed = () => this.#process.run(() => this.#over(link, "the connection was lost"));
    const up = new Lane<() => void>(this.#network, this.#process, server.process, (act) => act(), closed);
    const down = new Lane<() => void>(
      this.#network,
      server.process,
      this.#process,
      (act) => act(),
      () => {},
    );
    const link: Link = { server, up, down, pending: new Set(), isOver: false };
    server.process.onDeath((how) => {
      if (how !== "machineDown") down.send(() => this.#over(link, "the server ended the connection"));
    });
    return link;
  }

  #over(link: Link, reason: string): void {
    if (link.isOver) return;
    link.isOver = true;
    if (this.#link === link) this.#link = null;
    const pending = [...link.pending];
    link.pending.clear();
    for (const fail of pending) fail(new StoreUnavailable(reason));
    this.#tryAgain();
  }

  #tryAgain(): void {
    if (this.#closed) return;
    const delayMs = Math.min(retryDelayMaxMs, retryDelayMinMs * 2 ** this.#tries);
    this.#tries += 1;
    this.#process.after(delayMs * (0.5 + this.#random.fraction() / 2), () => this.#connect());
  }
}
