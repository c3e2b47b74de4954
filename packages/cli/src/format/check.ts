/** What an agent checks on its node: a line for each check, and all of them in a word. */
import type { NodeCheck } from "@holdfast/shared/client/messages.ts";
import type { Colours } from "./colours.ts";
import { age } from "./moment.ts";
import { printable } from "./printable.ts";
import { paintedState } from "./state.ts";
import { table } from "./table.ts";

type Health = NonNullable<NodeCheck["health"]>;

const worstFirst: readonly Health[] = ["HEALTH_UNHEALTHY", "HEALTH_DEGRADED", "HEALTH_UNKNOWN", "HEALTH_HEALTHY"];

/** Of the node as a whole: its worst check's. What is unknown does not count, unless nothing else is there. */
export function healthOf(checks: readonly NodeCheck[]): Health {
  const known = checks.filter(({ health }) => health !== "HEALTH_UNKNOWN");
  return sorted(known)[0]?.health ?? "HEALTH_UNKNOWN";
}

/** Why the node is not healthy, in a line; "" when it is. */
export function worstReason(checks: readonly NodeCheck[]): string {
  const [first, ...others] = sorted(checks).filter(({ health }) => isTrouble(health));
  if (first === undefined) return "";
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return `${first.name}: ${first.reason}${more}`;
}

/** What is wrong first, then what is unknown, then the rest. */
export function checkTable(checks: readonly NodeCheck[], nowMs: number, colours: Colours): string {
  const rows = sorted(checks).map((check) => [
    printable(check.name ?? ""),
    paintedState(check.health, colours),
    age(check.sinceMs, nowMs),
    printable(check.reason ?? ""),
    printable(check.suggestedAction ?? ""),
  ]);
  return table(["CHECK", "STATE", "SINCE", "REASON", "SUGGESTED ACTION"], rows, colours);
}

function sorted(checks: readonly NodeCheck[]): NodeCheck[] {
  const rank = ({ health = "HEALTH_UNKNOWN" }: NodeCheck) => worstFirst.indexOf(health);
  return checks.toSorted((left, right) => rank(left) - rank(right));
}

function isTrouble(health: string | undefined): boolean {
  return health === "HEALTH_UNHEALTHY" || health === "HEALTH_DEGRADED";
}
