/**
 * Watches on the wire whether coordinators hear the agents, without asking either: the switch counts the packets with
 * content that pass from each agent's host to each coordinator's. Twice a second it is noted for which nodes a coordinator
 * that runs got any. What reaches a process that is stopped or dead was not heard, nor what passes over links that lose
 * packets, carry no acknowledgements or reset connections: there a packet is not yet a message.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Daemon, LabCluster } from "../cluster/lab-cluster.ts";
import { hearingLine } from "./records.ts";

/**
 * What the witness must have seen of silence before a node may be lost, with the coordinators' defaults: 3 s from its last
 * beat. The witness cannot tell beats, which come once a second, from what else an agent says.
 */
export const lossSilenceMs = 3_000 - 1_000;

const intervalMs = 500;

export class HearingWitness implements AsyncDisposable {
  readonly #cluster: LabCluster;
  readonly #file: string;
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;

  /** @param file gets a line for each node and interval in which it was heard */
  constructor(cluster: LabCluster, file: string) {
    this.#cluster = cluster;
    this.#file = file;
    this.#watching = this.#watch();
  }

  /** @throws Error when it could not go on watching: then what it noted is not all */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { network, agents, coordinators } = this.#cluster;
    const pairs = agents.flatMap((agent) => coordinators.map((coordinator) => ({ agent, coordinator })));
    const hosts = pairs.map(({ agent, coordinator }) => ({ from: agent.host, to: coordinator.host }));
    const meter = await network.meter(hosts);
    let before = await meter.packets();
    let fromS = uptimeS();
    while (!this.#stopping.signal.aborted) {
      await sleep(intervalMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      const passed = await meter.packets();
      const toS = uptimeS();
      const heard = pairs.filter(({ agent, coordinator }, index) => {
        const some = (passed[index] ?? 0) > (before[index] ?? 0);
        return some && listens(coordinator) && !network.isUnreliable(agent.host, coordinator.host);
      });
      const nodes = new Set(heard.map(({ agent }) => agent.id));
      appendFileSync(this.#file, [...nodes].map((nodeId) => hearingLine({ nodeId, fromS, toS })).join(""));
      before = passed;
      fromS = toS;
    }
  }
}

/** On the clock that the tasks write down. */
function uptimeS(): number {
  return Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
}

function listens({ member }: Daemon): boolean {
  const { pid } = member;
  if (pid === null) return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 2 is the program's name in brackets, and may hold anything.
    return !["T", "Z", "X"].includes(stat.charAt(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}
