/** Bugs in what is done after storage has lost writes. */
import type { Mutant } from "./mutant.ts";

const loop = "packages/coordinator/src/loop";
const recovery = "packages/coordinator/src/core/recovery";

export const recoveryMutants: readonly Mutant[] = [
  {
    name: "orphans-dropped",
    bug: "what only a journal has is cut off without being kept",
    patches: [
      {
        file: `${loop}/orphans.ts`,
        find: "    await setAside(journal, first.lineage, fork, end, log);\n",
        replace: "",
      },
    ],
  },
  {
    name: "merge-overwrites-an-end",
    bug: "what is merged replaces a task that has ended",
    patches: [
      {
        file: `${recovery}/merge.ts`,
        find: "  if (isEnded(ours.state)) return;\n  if (isEnded(task.state)) {",
        replace: "  if (isEnded(task.state) || isEnded(ours.state)) {",
      },
    ],
  },
  {
    name: "no-care-after-a-loss",
    bug: "a leader goes on at once on storage that may have lost writes",
    patches: [
      {
        file: `${recovery}/care.ts`,
        find: 'observation.care = isWhole ? null : { serverId, sinceMs: now.steadyMs, phase: "merging", ownOrphans };',
        replace: "observation.care = null;",
      },
    ],
  },
  {
    name: "exclusive-placed-without-asking-what-runs",
    bug: "a new leader places exclusive tasks at once, on storage that may have lost what was placed before",
    patches: [
      {
        file: `${recovery}/care.ts`,
        find: 'observation.care = isWhole ? null : { serverId, sinceMs: now.steadyMs, phase: "merging", ownOrphans };',
        replace: "observation.care = null;",
      },
      {
        file: "packages/coordinator/src/core/exclusive/office.ts",
        find: "  if (observation.knowsWhatRuns) return true;\n",
        replace: "  if (observation.electedMs <= now.steadyMs) return true;\n",
      },
    ],
    foundBy: "exclusive intervals never overlap",
  },
];
