/** How many processes there are, without looking at each of them. */
import { readdirSync, statSync } from "node:fs";

/**
 * Returns a function that counts processes.
 *
 * The link count of /proc is two, plus its fixed folders, plus one for each process of the machine: one call, however
 * many there are. The count of fixed folders is taken once. Where the sum does not agree with what /proc lists (inside
 * a PID namespace, or in a sandbox that imitates /proc), the listing is counted every time.
 */
export function processCounter(procPath = "/proc"): () => number {
  const entries = readdirSync(procPath, { withFileTypes: true });
  const fixedFolders = entries.filter((entry) => entry.isDirectory() && !isProcess(entry.name)).length;
  const fromLinks = (): number => statSync(procPath).nlink - 2 - fixedFolders;
  const fromListing = (): number => readdirSync(procPath).filter(isProcess).length;
  const listed = fromListing();
  // Processes come and go between the two counts.
  const tolerance = Math.max(8, listed / 10);
  return Math.abs(fromLinks() - listed) <= tolerance ? fromLinks : fromListing;
}

function isProcess(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 0x30 && first <= 0x39;
}
