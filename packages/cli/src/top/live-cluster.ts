/** What `holdfast top` shows, kept up to date: nodes as they are told, the cluster's state asked again and again. */
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { ClusterStatusResponse, Node } from "@holdfast/shared/client/messages.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { CpuHistory } from "./cpu-history.ts";
import { inOrder, type Picture, type SortKey } from "./frame.ts";

/** So many nodes at most get charts of what was before. */
const chartsBegun = 100;
const chartPeriodMs = 300_000;

export class LiveCluster {
  readonly #client: HoldfastClient;
  readonly #nodes = new Map<string, Node>();
  readonly #history = new CpuHistory();
  #status: ClusterStatusResponse = {};
  #problem = "";

  constructor(client: HoldfastClient) {
    this.#client = client;
  }

  picture(sort: SortKey): Picture {
    return {
      status: this.#status,
      nodes: [...this.#nodes.values()],
      cpuHistory: (nodeId) => this.#history.of(nodeId),
      sort,
      nowMs: Date.now(),
      problem: this.#problem,
    };
  }

  /** Asks for everything once. @throws HoldfastError */
  async look(sort: SortKey): Promise<void> {
    this.#status = await this.#client.cluster.status();
    const nodes: Node[] = [];
    for await (const node of this.#client.nodes.listAll({})) nodes.push(node);
    this.#take(nodes);
    await this.#beginCharts(sort);
  }

  /** Until the signal. What the cluster does not answer for a while is told in the picture. @throws HoldfastError for good */
  async follow(sort: () => SortKey, intervalMs: number, signal: AbortSignal): Promise<void> {
    try {
      await Promise.all([this.#followNodes(signal), this.#followStatus(sort, intervalMs, signal)]);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #followNodes(signal: AbortSignal): Promise<void> {
    for await (const { nodes = [], removedNodeIds = [] } of this.#client.nodes.watch({}, signal)) {
      this.#take(nodes);
      for (const nodeId of removedNodeIds) {
        this.#nodes.delete(nodeId);
        this.#history.forget(nodeId);
      }
    }
  }

  async #followStatus(sort: () => SortKey, intervalMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#status = await this.#client.cluster.status({}, { signal });
        await this.#beginCharts(sort());
        this.#problem = "";
      } catch (error) {
        if (!(error instanceof HoldfastError)) throw error;
        this.#problem = error.message;
      }
      await waited(intervalMs, signal);
    }
  }

  #take(nodes: readonly Node[]): void {
    for (const node of nodes) {
      const { id = "", metrics } = node;
      this.#nodes.set(id, node);
      if (metrics !== undefined) this.#history.add(id, metrics.measuredAtMs ?? 0, metrics.cpuUsed ?? 0);
    }
  }

  async #beginCharts(sort: SortKey): Promise<void> {
    const shown = inOrder([...this.#nodes.values()], sort).slice(0, chartsBegun);
    const fromMs = Date.now() - chartPeriodMs;
    for (const { id: nodeId = "" } of shown) {
      if (this.#history.has(nodeId)) continue;
      const { series = [] } = await this.#client.nodes.series({ nodeId, metrics: ["cpu_used"], fromMs });
      this.#history.begin(nodeId, series[0]?.values ?? []);
    }
  }
}

function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
