/** The latest of all checks, each with the time since which it is in its state. Pure. */
import { type Finding, type Findings, unknown } from "./finding.ts";

export interface CheckState extends Finding {
  readonly name: string;
  /** Unix times. */
  readonly sinceMs: number;
  readonly checkedAtMs: number;
}

/** What is looked after on the node besides the tasks. */
export interface Checks {
  /** All that have been looked at. */
  latest(): readonly CheckState[];
  /** @param tell called at each change of a state, and otherwise once a minute */
  listen(tell: () => void): void;
}

/** What was found now, in the place of what was known of the same checks. */
export function withFindings(
  known: ReadonlyMap<string, CheckState>,
  findings: Findings,
  nowMs: number,
): { readonly states: ReadonlyMap<string, CheckState>; readonly changed: boolean } {
  const states = new Map(known);
  let changed = false;
  for (const [name, finding] of findings) {
    const before = known.get(name);
    const same = before?.health === finding.health;
    changed ||= !same;
    states.set(name, { name, ...finding, sinceMs: same ? before.sinceMs : nowMs, checkedAtMs: nowMs });
  }
  return { states, changed };
}

/** All checks of a group that could not be made. */
export function allUnknown(names: readonly string[], reason: string, suggestedAction = ""): Findings {
  return new Map(names.map((name) => [name, unknown(reason, suggestedAction)]));
}
