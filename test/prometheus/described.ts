/** Every metric that the daemons expose, as their code describes it. */
import { agentExposition } from "@holdfast/agent/exposition/agent-exposition.ts";
import { LastSample } from "@holdfast/agent/exposition/last-sample.ts";
import { CoordinatorMeter } from "@holdfast/coordinator/exposition/coordinator-meter.ts";
import { exposeCoordinator } from "@holdfast/coordinator/exposition/coordinator-metrics.ts";
import { type DescribedMetric, Exposition } from "@holdfast/shared/exposition/exposition.ts";
import { exposeProcess } from "@holdfast/shared/exposition/process-metrics.ts";

export type Described = DescribedMetric & { readonly shownBy: string };

/** By name; those that both daemons have once, `shownBy` "both". */
export function describedMetrics(): readonly Described[] {
  const ofCoordinator = coordinatorMetrics();
  const ofAgent = agentMetrics();
  const both = new Set(
    ofAgent.map(({ name }) => name).filter((name) => ofCoordinator.some((one) => one.name === name)),
  );
  return [
    ...ofCoordinator.map((metric) => ({ ...metric, shownBy: both.has(metric.name) ? "both" : "coordinator" })),
    ...ofAgent.filter(({ name }) => !both.has(name)).map((metric) => ({ ...metric, shownBy: "agent" })),
  ].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The names under which Prometheus stores it. */
export function seriesNames({ name, kind }: DescribedMetric): readonly string[] {
  return kind === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}

function coordinatorMetrics(): readonly DescribedMetric[] {
  const exposition = new Exposition();
  const meter = new CoordinatorMeter(exposition, { leaseTtlMs: 3_000, tickIntervalMs: 100 });
  exposeProcess(exposition, "coordinator");
  const notScraped = () => {
    throw new Error("only described here, not scraped");
  };
  exposeCoordinator(exposition, { meter, sight: notScraped, journalBytes: notScraped });
  return exposition.described;
}

function agentMetrics(): readonly DescribedMetric[] {
  const agent = { state: { attempts: new Map(), highestEpoch: 0 }, sessions: [] };
  const lastSample = new LastSample(async () => ({}));
  const checks = { latest: () => [] };
  const node = { nodeId: "n", nodeClass: "c" };
  return agentExposition({ ...node, agent, lastSample, sensorsOff: new Set(), checks }).exposition.described;
}
