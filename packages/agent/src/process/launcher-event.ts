/** What launcher and supervisors tell. Hints that may get lost when the agent stalls: the folders are the truth. */

export type LauncherEvent =
  /** The program runs; `pid` is its process and its group. */
  | { readonly kind: "started"; readonly key: string; readonly pid: number }
  /** Nothing of it is left, or it could not be started; the record says how it ended. */
  | { readonly kind: "ended"; readonly key: string }
  /** The folder was there already, so nothing was started. */
  | { readonly kind: "exists"; readonly key: string }
  /** Nothing was started and no folder made. */
  | { readonly kind: "refused"; readonly key: string; readonly reason: string }
  /** The supervisor has died without recording an end. The task's main process died with it. */
  | { readonly kind: "gone"; readonly key: string };

/** null for what this version does not know: a supervisor of another version may be speaking. */
export function parseEvent(line: string): LauncherEvent | null {
  const [kind, key, ...rest] = line.split(" ");
  if (key === undefined || key === "") return null;
  switch (kind) {
    case "started":
      return { kind, key, pid: Number(rest[0]) };
    case "ended":
    case "exists":
    case "gone":
      return { kind, key };
    case "refused":
      return { kind, key, reason: rest.join(" ") };
    default:
      return null;
  }
}
