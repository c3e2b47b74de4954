/** What a check found: the words that all checks speak. */

export type Health = "healthy" | "degraded" | "unhealthy" | "unknown";

export interface Finding {
  readonly health: Health;
  /** For a person, with the figures; empty when healthy. */
  readonly reason: string;
  /** What an administrator would do about it; empty when healthy. */
  readonly suggestedAction: string;
}

/** By the check's name. */
export type Findings = ReadonlyMap<string, Finding>;

/** Checks that share one reading of the node. */
export interface CheckGroup {
  /** For the log. */
  readonly sensor: string;
  readonly names: readonly string[];
  readonly everyMs: number;
  /** A look that takes longer counts against the group's budget; a busy machine may need its time. */
  readonly slowAfterMs: number;
  /** Never takes for ever. What it throws is a look that failed. */
  look(): Findings | Promise<Findings>;
  close?(): void;
}

export const healthy: Finding = Object.freeze({ health: "healthy", reason: "", suggestedAction: "" });

export function degraded(reason: string, suggestedAction: string): Finding {
  return { health: "degraded", reason, suggestedAction };
}

export function unhealthy(reason: string, suggestedAction: string): Finding {
  return { health: "unhealthy", reason, suggestedAction };
}

/** Not looked at, so neither good nor bad. */
export function unknown(reason: string, suggestedAction = ""): Finding {
  return { health: "unknown", reason, suggestedAction };
}

const gravity: Readonly<Record<Health, number>> = { healthy: 0, unknown: 1, degraded: 2, unhealthy: 3 };

/** Of several things that one check looked at: the worst, naming at most a few others of its kind. */
export function worst(findings: readonly Finding[]): Finding {
  const sorted = findings.toSorted((left, right) => gravity[right.health] - gravity[left.health]);
  const [first = healthy] = sorted;
  const alike = sorted.filter(({ health }) => health === first.health && health !== "healthy");
  if (alike.length < 2) return first;
  const named = alike.slice(0, namedMax).map(({ reason }) => reason);
  const more = alike.length > namedMax ? [`and ${alike.length - namedMax} more`] : [];
  return { ...first, reason: [...named, ...more].join("; ") };
}

const namedMax = 4;
