/** All checkers together, watching one history. */
import type { HistoryEvent, Promises } from "../history.ts";
import { AcknowledgedSubmissions } from "./acknowledged-submissions.ts";
import { AttemptPolicy } from "./attempt-policy.ts";
import { BoundedSizes } from "./bounded-sizes.ts";
import type { Checker, CheckerParts, Violation } from "./checker.ts";
import { CommittedLog } from "./committed-log.ts";
import { DerivedState } from "./derived-state.ts";
import { DurableBeforeTold } from "./durable-before-told.ts";
import { EmptyBeforeStopped } from "./empty-before-stopped.ts";
import { EpochOrder } from "./epoch-order.ts";
import { ExclusiveIntervals } from "./exclusive-intervals.ts";
import { ExclusiveReassignment } from "./exclusive-reassignment.ts";
import { Healing } from "./healing.ts";
import { JustifiedLosses } from "./justified-losses.ts";
import { LateStarts } from "./late-starts.ts";
import { LeaderDeadline } from "./leader-deadline.ts";
import { LeaseCounting } from "./lease-counting.ts";
import { MassLosses } from "./mass-losses.ts";
import { ObeyedEpochs } from "./obeyed-epochs.ts";
import { OneTaskPerRequest } from "./one-task-per-request.ts";
import { ReadableResults } from "./readable-results.ts";
import { RefusalsHold } from "./refusals-hold.ts";
import { ReplicasAgree } from "./replicas-agree.ts";
import { SecondCompletions } from "./second-completions.ts";
import { TerminalStates } from "./terminal-states.ts";
import { TimelyLosses } from "./timely-losses.ts";
import { UniqueEpochs } from "./unique-epochs.ts";

type CheckerClass = new (parts: CheckerParts) => Checker;

const allCheckers: readonly CheckerClass[] = [
  AcknowledgedSubmissions,
  OneTaskPerRequest,
  RefusalsHold,
  ExclusiveIntervals,
  ExclusiveReassignment,
  LeaseCounting,
  EpochOrder,
  ObeyedEpochs,
  UniqueEpochs,
  TerminalStates,
  ReadableResults,
  DurableBeforeTold,
  LeaderDeadline,
  JustifiedLosses,
  SecondCompletions,
  TimelyLosses,
  AttemptPolicy,
  MassLosses,
  LateStarts,
  EmptyBeforeStopped,
  BoundedSizes,
  ReplicasAgree,
  DerivedState,
  Healing,
];

/** A run that breaks a promise breaks it again and again; the first few say it all. */
const violationsKept = 20;

export class Suite {
  readonly violations: Violation[] = [];
  /** Of each checker by name, also those that were not kept. */
  readonly counts = new Map<string, number>();
  readonly #log = new CommittedLog();
  readonly #checkers: readonly Checker[];

  constructor(promises: Promises, checkers: readonly CheckerClass[] = allCheckers) {
    const report = (violation: Violation) => this.#take(violation);
    this.#checkers = checkers.map((Class) => new Class({ promises, committed: this.#log, report }));
  }

  get names(): readonly string[] {
    return this.#checkers.map(({ name }) => name);
  }

  observe(event: HistoryEvent): void {
    const change = this.#log.observe(event);
    if (change !== null) for (const checker of this.#checkers) checker.committed(change);
    for (const checker of this.#checkers) checker.observe(event);
  }

  #take(violation: Violation): void {
    const { checker } = violation;
    this.counts.set(checker, (this.counts.get(checker) ?? 0) + 1);
    if (this.violations.length < violationsKept) this.violations.push(violation);
  }
}
