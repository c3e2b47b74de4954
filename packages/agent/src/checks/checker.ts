/**
 * Makes the checks, each group at its own jittered interval and within its own budget, and tells whoever listens: at each
 * change of a state, and otherwise once a minute.
 */
import type { Clock, Timer } from "@holdfast/shared/clock.ts";
import { defaultSensorLimits, messageOf, SensorBudget, type SensorChange } from "../measure/sensor-budget.ts";
import { allUnknown, type CheckState, type Checks, withFindings } from "./check-states.ts";
import type { CheckGroup, Findings } from "./finding.ts";

export interface CheckerOptions {
  readonly groups: readonly CheckGroup[];
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A group has switched itself off, or works again. */
  readonly onSensorChange: (change: SensorChange) => void;
}

interface Watched {
  readonly group: CheckGroup;
  readonly budget: SensorBudget;
  /** Why it is off; null while it is on. */
  off: SensorChange | null;
  timer: Timer | null;
}

const jitter = 0.1;
const firstWithinMs = 5_000;
const tellEveryMs = 60_000;
const gatherMs = 300;

export class Checker implements Checks {
  readonly #options: CheckerOptions;
  readonly #watched: readonly Watched[];
  #states: ReadonlyMap<string, CheckState> = new Map();
  #tell: () => void = () => {};
  #telling: Timer | null = null;
  #tellingSoon: Timer | null = null;
  #closed = false;

  constructor(options: CheckerOptions) {
    this.#options = options;
    this.#watched = options.groups.map((group) => this.#watch(group));
  }

  start(): void {
    const { clock, random } = this.#options;
    this.#tellAgain();
    for (const watched of this.#watched) {
      const waitMs = random() * Math.min(firstWithinMs, watched.group.everyMs);
      watched.timer = clock.after(waitMs, () => void this.#round(watched));
    }
  }

  listen(tell: () => void): void {
    this.#tell = tell;
  }

  latest(): readonly CheckState[] {
    return [...this.#states.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** Makes every check once, now. */
  async lookOnce(): Promise<void> {
    await Promise.all(this.#watched.map((watched) => this.#look(watched)));
  }

  /** Ends what is under way; nothing is told any more. */
  close(): void {
    this.#closed = true;
    this.#telling?.cancel();
    this.#tellingSoon?.cancel();
    for (const { group, timer } of this.#watched) {
      timer?.cancel();
      group.close?.();
    }
  }

  #watch(group: CheckGroup): Watched {
    const limits = { ...defaultSensorLimits, slowAfterMs: group.slowAfterMs };
    const onChange = (change: SensorChange) => {
      watched.off = change.state === "off" ? change : null;
      this.#options.onSensorChange(change);
    };
    const monotonicMs = () => this.#options.clock.now().steadyMs;
    const budget = new SensorBudget(`check ${group.sensor}`, { limits, monotonicMs, onChange });
    const watched: Watched = { group, budget, off: null, timer: null };
    return watched;
  }

  async #round(watched: Watched): Promise<void> {
    await this.#look(watched);
    if (this.#closed) return;
    const waitMs = this.#jittered(watched.group.everyMs);
    watched.timer = this.#options.clock.after(waitMs, () => void this.#round(watched));
  }

  async #look(watched: Watched): Promise<void> {
    const findings = await this.#findingsOf(watched);
    if (this.#closed) return;
    const { states, changed } = withFindings(this.#states, findings, this.#options.clock.now().wallMs);
    this.#states = states;
    if (changed) this.#tellSoon();
  }

  /** What changes at nearly the same time is told once: at the start that is everything. */
  #tellSoon(): void {
    this.#tellingSoon ??= this.#options.clock.after(gatherMs, () => {
      this.#tellingSoon = null;
      this.#tell();
    });
  }

  #tellAgain(): void {
    this.#telling = this.#options.clock.after(this.#jittered(tellEveryMs), () => {
      this.#tell();
      this.#tellAgain();
    });
  }

  /** The nodes of a fleet that was started at once do not look and tell at once for ever. */
  #jittered(milliseconds: number): number {
    return milliseconds * (1 + jitter * (2 * this.#options.random() - 1));
  }

  async #findingsOf({ group, budget, off }: Watched): Promise<Findings> {
    if (!budget.allowed()) return allUnknown(group.names, `the check has switched itself off: ${off?.reason ?? ""}`);
    const startedMs = this.#nowMs();
    try {
      const findings = await group.look();
      budget.settle({ tookMs: this.#nowMs() - startedMs });
      return findings;
    } catch (error) {
      const reason = messageOf(error);
      budget.settle({ tookMs: this.#nowMs() - startedMs, error: reason });
      return allUnknown(group.names, `the check failed: ${reason}`);
    }
  }

  #nowMs(): number {
    return this.#options.clock.now().steadyMs;
  }
}
