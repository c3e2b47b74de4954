/** The agent's /metrics put together. */
import { Exposition } from "@holdfast/shared/exposition/exposition.ts";
import type { MetricsServer } from "@holdfast/shared/exposition/metrics-server.ts";
import { exposeProcess } from "@holdfast/shared/exposition/process-metrics.ts";
import { serveExposition } from "@holdfast/shared/exposition/serve-exposition.ts";
import type { Log } from "@holdfast/shared/log.ts";
import type { TlsFiles } from "@holdfast/shared/tls.ts";
import type { Checks } from "../checks/check-states.ts";
import { type AgentSight, exposeAgent } from "./agent-metrics.ts";
import type { LastSample } from "./last-sample.ts";
import { exposeNode } from "./node-metrics.ts";

export interface ExposedAgent {
  readonly nodeId: string;
  readonly nodeClass: string;
  readonly agent: AgentSight;
  readonly lastSample: LastSample;
  /** Names of those that have switched themselves off. */
  readonly sensorsOff: ReadonlySet<string>;
  readonly checks: Pick<Checks, "latest">;
}

export interface AgentExposition {
  readonly exposition: Exposition;
  /** @throws HoldfastError (failedPrecondition) when the address cannot be listened on, or a TLS file is at fault */
  serve(listen: string, tls: TlsFiles | null, log: Log): Promise<MetricsServer>;
}

export function agentExposition(exposed: ExposedAgent): AgentExposition {
  const exposition = new Exposition();
  exposeProcess(exposition, "agent");
  exposeAgent(exposition, exposed);
  exposeNode(exposition, () => exposed.lastSample.metrics);
  return {
    exposition,
    serve: (listen, tls, log) =>
      serveExposition(exposition, { listen, tls, log, refresh: () => exposed.lastSample.refresh() }),
  };
}
