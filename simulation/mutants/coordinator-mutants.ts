/** Bugs of the coordinator: its loop, its core, and what it asks of storage. */
import type { Mutant } from "./mutant.ts";

const loop = "packages/coordinator/src/loop";
const core = "packages/coordinator/src/core";
/** What the scripts in Redis do is done in the simulation by the store in memory, which passes the same contract. */
const memoryStore = "packages/coordinator/src/store/memory/memory-database.ts";

export const coordinatorMutants: readonly Mutant[] = [
  {
    name: "no-epoch-check-in-commit",
    bug: "storage takes a commit of an epoch that is over",
    patches: [
      {
        file: memoryStore,
        find: "if (batch.epoch !== state.epoch || !isAt(state.position, batch.previous)) {",
        replace: "if (!isAt(state.position, batch.previous)) {",
      },
    ],
  },
  {
    name: "answer-before-commit",
    bug: "answers and orders leave before what they rest on is committed",
    patches: [
      {
        file: `${loop}/leader.ts`,
        find: "      this.#committing = true;\n",
        replace: "      this.#release(turn.effects);\n      this.#committing = true;\n",
      },
      {
        file: `${loop}/leader.ts`,
        find: "    this.#release(turn.effects);\n    for (",
        replace: "    if (records.length === 0) this.#release(turn.effects);\n    for (",
      },
    ],
  },
  {
    name: "unanswered-commit-taken-for-refused",
    bug: "clients are told that their write was refused when storage has not answered",
    patches: [
      {
        file: `${loop}/leader.ts`,
        find: '      if (!lease.holds(clock.now())) {\n        tell("unknown");\n        return null;\n      }\n',
        replace: '      return { kind: "refused", epoch: 0, position: batch.previous };\n',
      },
      {
        file: `${loop}/leader.ts`,
        find: '      if (result?.kind !== "committed") turn.undo();',
        replace: `      if (result?.kind !== "committed") {
        const refusals: CoordinatorEffect[] = [];
        for (const effect of turn.effects) {
          if (effect.kind !== "answer") continue;
          const { callId } = effect;
          refusals.push({ kind: "refuse", callId, code: "failedPrecondition", message: "not committed", fields: [] });
        }
        this.#release(refusals);
        turn.undo();
      }`,
      },
    ],
  },
  {
    name: "unanswered-commit-taken-for-done",
    bug: "a commit that storage has not answered counts as committed",
    patches: [
      {
        file: `${loop}/leader.ts`,
        find: '      if (!lease.holds(clock.now())) {\n        tell("unknown");\n        return null;\n      }\n',
        replace: '      return { kind: "committed" };\n',
      },
    ],
  },
  {
    name: "no-predecessor-check",
    bug: "a standby applies what follows by number, without looking at what it follows on",
    patches: [
      {
        file: `${loop}/replica.ts`,
        find: "if (!isAt(entry.previous, this.position)) {",
        replace: "if (entry.previous.sequence !== this.position.sequence) {",
      },
    ],
  },
  {
    name: "nothing-owed-is-sent-again",
    bug: "a start that never arrived is not ordered again when the agent says Hello",
    patches: [
      {
        file: `${core}/nodes/hello.ts`,
        find: 'if (attempt.state === "placed") orderAgain(turn, task, attempt);',
        replace: 'if (attempt.state === "placed") continue;',
      },
    ],
  },
  {
    name: "leader-counts-its-lease-from-the-answer",
    bug: "a leader counts its lease from when the renewal was answered",
    patches: [
      {
        file: `${loop}/leadership.ts`,
        find: "if (renewed === true) lease.renewed(now.steadyMs);",
        replace: "if (renewed === true) lease.renewed(clock.now().steadyMs);",
      },
    ],
  },
  {
    name: "no-wait-for-a-new-leader",
    bug: "a new leader takes what earlier leaders have granted for over",
    patches: [
      {
        file: `${core}/exclusive/bound.ts`,
        find: "return electedMs + settings.leaseTtlMs + settings.redisOverlapMs + settings.exclusiveReassignMs;",
        replace: "return electedMs + 0 * settings.leaseTtlMs;",
      },
    ],
  },
  {
    name: "epoch-by-increment",
    bug: "a new epoch is one above the highest that storage knows",
    patches: [
      {
        file: `${loop}/leadership.ts`,
        find: "const epoch = nextEpoch(metEpoch, now.wallMs, candidate.number);",
        replace: "const epoch = this.highestInStore + 1;",
      },
      {
        file: `${loop}/leadership.ts`,
        find: "        memory.met(result.highestEpoch);\n",
        replace: "        this.highestInStore = result.highestEpoch;\n",
      },
      {
        file: `${loop}/leadership.ts`,
        find: "  #leader: Leader | null = null;\n",
        replace: "  #leader: Leader | null = null;\n  highestInStore = 0;\n",
      },
    ],
  },
  {
    name: "timers-reset-on-election",
    bug: "a new leader counts every node's silence from its election",
    patches: [
      {
        file: `${core}/nodes/liveness.ts`,
        find: "  for (const nodeId of state.nodes.keys()) {\n    if (!observation.hearings.has(nodeId)) ",
        replace: "  observation.graceFromMs = now.steadyMs;\n  for (const nodeId of state.nodes.keys()) {\n    ",
      },
    ],
  },
  {
    name: "unheard-node-lost-at-once",
    bug: "a new leader takes a node that it has never heard for lost",
    patches: [
      {
        file: `${core}/nodes/liveness.ts`,
        find: "else look(nodeId, now.steadyMs - Math.max(fromMs, observation.graceFromMs));",
        replace: "else look(nodeId, Number.POSITIVE_INFINITY + fromMs);",
      },
    ],
  },
  {
    name: "superseded-attempt-ends-its-task",
    bug: "the end of an attempt decides over its task although another one speaks for it",
    patches: [
      {
        file: `${core}/tasks/news.ts`,
        find: "  if (!speaks(task, attempt)) return turn.putTask(ended);\n",
        replace: "",
      },
    ],
  },
  {
    name: "cancelled-before-the-process-is-gone",
    bug: "a cancelled task ends when its stop is ordered",
    patches: [
      {
        file: `${core}/tasks/control.ts`,
        find: 'else turn.putTask({ ...stopAttempt(turn, task, attempt, "cancelled", why), state: "stopping", reason: why });',
        replace: 'else endTask(turn, stopAttempt(turn, task, attempt, "cancelled", why), "cancelled", why);',
      },
    ],
  },
  {
    name: "record-deleted-before-its-successor-is-written",
    bug: "storage deletes what a batch replaces before it knows whether it takes the batch",
    patches: [
      {
        file: memoryStore,
        find: "    if (batch.epoch !== state.epoch || !isAt(state.position, batch.previous)) {",
        replace: `    for (const { kind, id } of batch.lines.map(splitLine)) this.#kind(kind).delete(id);
    if (batch.epoch !== state.epoch || !isAt(state.position, batch.previous)) {`,
      },
    ],
  },
  {
    name: "no-witness-for-a-mass-loss",
    bug: "most nodes may be lost at once on the leader's word alone",
    patches: [
      {
        file: `${core}/nodes/liveness.ts`,
        find: "const witnessed = massLoss ? gone.filter((node) => isWitnessed(turn, node)) : gone;",
        replace: "const witnessed = gone;",
      },
    ],
  },
  {
    name: "grant-after-the-deadline",
    bug: "leases to exclusive tasks leave although the leader's own has run out",
    patches: [
      {
        file: `${loop}/leader.ts`,
        find: "const effects = lease.holds(now) ? decided : decided.filter((effect) => !carriesLease(effect));",
        replace: "const effects = decided;",
      },
      {
        // It looks once more.
        file: "packages/coordinator/src/coordinator.ts",
        find: "    const epoch = this.#leadership.leader?.epoch;\n",
        replace: "    const epoch = this.#leadership.holder?.epoch;\n",
      },
    ],
  },
  {
    name: "exclusive-reassigned-at-once",
    bug: "an exclusive task is given to another node as soon as its own is lost",
    patches: [
      {
        file: `${core}/exclusive/loss.ts`,
        find: "if (!task.exclusive) return loseAttempt(turn, task, attempt, reason);",
        replace: "if (task.exclusive || !task.exclusive) return loseAttempt(turn, task, attempt, reason);",
      },
    ],
  },
  {
    name: "request-id-forgotten",
    bug: "a task does not keep the id of the request that made it",
    patches: [
      {
        file: `${core}/tasks/submission.ts`,
        find: 'recordOf(turn, task, { namespace, requestId, batchId: "" });',
        replace: 'recordOf(turn, task, { namespace, requestId: "", batchId: "" });',
      },
    ],
  },
  {
    name: "duplicate-report-ends-the-next-attempt",
    bug: "a report counts for the newest attempt on its node, whichever it names",
    patches: [
      {
        file: `${core}/tasks/news.ts`,
        find: "one.number === news.attempt && one.nodeId === nodeId",
        replace: "one.number === (task.attempts.at(-1)?.number ?? 0) && one.nodeId === nodeId",
      },
    ],
  },
  {
    name: "loss-eats-a-retry",
    bug: "a lost attempt counts as a failure of its task",
    patches: [
      {
        file: `${core}/tasks/transitions.ts`,
        find: "    requeue(turn, lost, 0, reason);",
        replace: "    requeue(turn, { ...lost, failures: lost.failures + 1 }, 0, reason);",
      },
    ],
  },
  {
    name: "refused-batch-not-undone",
    bug: "what a refused commit was to write stays in the leader's copy",
    patches: [
      {
        file: `${core}/turn.ts`,
        find: "for (const inverse of this.#inverses.reverse()) apply(this.state, inverse);",
        replace: "",
      },
    ],
  },
  {
    name: "reads-during-a-commit",
    bug: "a read that comes during a commit sees what is not committed",
    patches: [
      {
        file: `${loop}/leader.ts`,
        find: "if (!this.#committing) return Promise.resolve(query(this.#parts.replica.state));",
        replace: "if (this.#committing || !this.#committing) return Promise.resolve(query(this.#parts.replica.state));",
      },
    ],
  },
];
