/** Which lines of the kernel's log are bad news, and of what kind. Pure. */
import type { BuiltInCheck } from "@holdfast/shared/config/check-settings.ts";

export type KernelCheck = Extract<BuiltInCheck, `kernel-${string}`>;

/** One line that tells of trouble. */
export interface Trouble {
  readonly check: KernelCheck;
  /** One such line is enough to call the node unhealthy. */
  readonly grave: boolean;
}

interface Pattern extends Trouble {
  readonly pattern: RegExp;
}

/** Xids by which the driver tells that a program did something wrong, not the GPU. */
const programsFault = "(?:13|31|43|45|68)";
/** Uncorrectable memory, a dead link or processor of the GPU, or one that has fallen off the bus. */
const gpuLost = "(?:48|62|64|74|79|95|119|120|140)";
/** Floppies, optical and loop devices fail without anything being wrong with the node. */
const realDevice = "(?!fd\\d|sr\\d|loop\\d)";

/** The first that matches counts. */
const patterns: readonly Pattern[] = [
  // Not "Memory cgroup out of memory": that is a task that met its own limit.
  { check: "kernel-oom", grave: false, pattern: /^Out of memory(?: \(.*\))?: Killed? process \d+/ },
  { check: "kernel-oom", grave: true, pattern: /^Kernel panic - not syncing: Out of memory/ },
  { check: "kernel-lockup", grave: true, pattern: /BUG: soft lockup - CPU#\d+ stuck/ },
  { check: "kernel-lockup", grave: true, pattern: /[Ww]atchdog.* hard LOCKUP/ },
  { check: "kernel-lockup", grave: false, pattern: /INFO: task .+ blocked for more than \d+ seconds/ },
  {
    check: "kernel-lockup",
    grave: false,
    pattern: /rcu: INFO: rcu\w* (?:self-detected stall|detected (?:expedited )?stalls)/,
  },
  { check: "kernel-file-system", grave: true, pattern: new RegExp(`EXT[234]-fs error \\(device ${realDevice}`) },
  {
    check: "kernel-file-system",
    grave: true,
    pattern: new RegExp(`EXT[234]-fs \\(${realDevice}.+\\): Remounting filesystem read-only`),
  },
  {
    check: "kernel-file-system",
    grave: true,
    pattern: new RegExp(
      `XFS \\(${realDevice}.+\\): .*(?:[Cc]orruption|[Mm]etadata I/O [Ee]rror|[Ss]hutting down filesystem)`,
    ),
  },
  // With a colon where it gives a transaction up, without one elsewhere.
  {
    check: "kernel-file-system",
    grave: true,
    pattern: new RegExp(`BTRFS:? (?:error|critical) \\(device ${realDevice}`),
  },
  { check: "kernel-io", grave: false, pattern: new RegExp(`(?:I/O|critical \\w+) error, dev ${realDevice}\\S+`) },
  { check: "kernel-io", grave: false, pattern: new RegExp(`Buffer I/O error on dev(?:ice)? ${realDevice}\\S+`) },
  {
    check: "kernel-machine-check",
    grave: true,
    pattern: /\[Hardware Error\].*(?:[Uu]ncorrected|[Ff]atal)|EDAC .*\bUE\b/,
  },
  {
    check: "kernel-machine-check",
    grave: false,
    pattern: /\[Hardware Error\]|mce: .*[Mm]achine [Cc]heck events|EDAC .*\bCE\b/,
  },
  { check: "kernel-gpu", grave: true, pattern: new RegExp(`NVRM: Xid \\([^)]*\\): ${gpuLost}\\b`) },
  { check: "kernel-gpu", grave: true, pattern: /NVRM: .*fallen off the bus/ },
  { check: "kernel-gpu", grave: false, pattern: new RegExp(`NVRM: Xid \\([^)]*\\): (?!${programsFault}\\b)\\d+`) },
];

/** null for a line that tells of nothing a person should know. */
export function troubleIn(text: string): Trouble | null {
  const found = patterns.find(({ pattern }) => pattern.test(text));
  return found === undefined ? null : { check: found.check, grave: found.grave };
}
