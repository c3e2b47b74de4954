/** Series of nodes: what was measured of one over time, as this coordinator heard it. */
import type { NodeServiceHandlers } from "@holdfast/shared/contract/generated/holdfast/v1/NodeService.ts";
import { HoldfastError, invalidField } from "@holdfast/shared/errors.ts";
import { type NodeMetric, nodeMetrics } from "../core/series/sample.ts";
import { windowOf } from "../core/series/window.ts";
import type { Backend } from "./backend.ts";
import type { UnaryMethods } from "./methods.ts";
import { checkId } from "./validate/identity.ts";
import { quoted } from "./validate/violations.ts";

const defaultPeriodMs = 15 * 60_000;

export function nodeSeries(backend: Backend): UnaryMethods<NodeServiceHandlers>["Series"] {
  return async ({ nodeId: id, metrics = [], fromMs = 0, toMs = 0 }) => {
    const nodeId = checkId("node_id", id);
    const wanted = metrics.map(checkMetric);
    if (toMs > 0 && fromMs > toMs) throw invalidField("from_ms", `is ${fromMs}, after to_ms, which is ${toMs}`);
    return backend.read((view) => {
      if (!view.nodes.has(nodeId)) throw new HoldfastError("notFound", `there is no node "${nodeId}"`);
      const endMs = toMs > 0 ? toMs : view.nowMs;
      const period = { fromMs: fromMs > 0 ? fromMs : endMs - defaultPeriodMs, toMs: endMs };
      const { stepMs, firstMs, series } = windowOf(view.seriesOf(nodeId), wanted, period, view.nowMs);
      return { stepMs, firstMs, series: [...series] };
    });
  };
}

function checkMetric(name: string): NodeMetric {
  const metric = nodeMetrics.find((one) => one === name);
  if (metric !== undefined) return metric;
  throw invalidField("metrics", `${quoted(name)} is not measured; there are ${nodeMetrics.join(", ")}`);
}
