/**
 * The effects of several decisions as those of one: an attempt that started and ended in between is told once, and all
 * reports to one coordinator travel together.
 */
import { type AttemptReport, keyOf } from "./attempt.ts";
import type { AgentEffect } from "./effect.ts";

export function coalesce(effects: readonly AgentEffect[]): readonly AgentEffect[] {
  const merged: AgentEffect[] = [];
  const gathered = new Map<string, Map<string, AttemptReport>>();
  const flush = (to: string) => {
    const reports = gathered.get(to);
    if (reports === undefined) return;
    gathered.delete(to);
    merged.push({ kind: "send", to, message: { kind: "reports", reports: [...reports.values()] } });
  };
  for (const effect of effects) {
    if (effect.kind === "send" && effect.message.kind === "reports") {
      const reports = gathered.get(effect.to) ?? new Map<string, AttemptReport>();
      gathered.set(effect.to, reports);
      for (const report of effect.message.reports) reports.set(keyOf(report), report);
    } else {
      // Whatever else is sent keeps its place behind the reports that were decided before it.
      if (effect.kind === "send") for (const to of effect.to === "all" ? [...gathered.keys()] : [effect.to]) flush(to);
      merged.push(effect);
    }
  }
  for (const to of [...gathered.keys()]) flush(to);
  return merged;
}
