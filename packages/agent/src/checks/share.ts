/** How much of something limited is used: the judgement that several checks have in common. Pure. */
import type { Percentages } from "@holdfast/shared/config/check-settings.ts";
import { degraded, type Finding, healthy, unhealthy } from "./finding.ts";

/**
 * @param fraction of the limit that is used; from 1 on it is used up
 * @param describe tells it with the per cent: `(shown) => "/data is 96 % full"`
 */
export function judgeShare(
  fraction: number,
  percent: Percentages,
  describe: (shown: string) => string,
  suggestedAction: string,
): Finding {
  // In whole tenths, so that what is shown as the threshold counts as the threshold.
  const used = Math.floor(fraction * 1_000 + 1e-9) / 10;
  if (used < percent.degraded) return healthy;
  const judge = used >= percent.unhealthy ? unhealthy : degraded;
  return judge(describe(`${Math.min(used, 100)} %`), suggestedAction);
}
