/**
 * A known bug, put back for a test: one or more places of the source, each replaced while the modules are loaded. Nothing in
 * the product knows of it.
 */

export interface Patch {
  /** From the root of the repository. */
  readonly file: string;
  /** Must stand in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  /** In words with hyphens, for the command line. */
  readonly name: string;
  /** What is wrong then. */
  readonly bug: string;
  readonly patches: readonly Patch[];
  /** Only what this checker says counts: whatever else it breaks, another mutant breaks by itself. */
  readonly foundBy?: string;
}

class PatchFailed extends Error {
  override readonly name: string = "PatchFailed";
}

/** @throws PatchFailed when the source has changed so that the patch no longer says what to replace. */
export function patched(source: string, { file, find, replace }: Patch): string {
  const at = source.indexOf(find);
  if (at < 0) throw new PatchFailed(`${file} no longer has ${JSON.stringify(find)}`);
  if (source.indexOf(find, at + 1) >= 0) throw new PatchFailed(`${file} has ${JSON.stringify(find)} more than once`);
  return `${source.slice(0, at)}${replace}${source.slice(at + find.length)}`;
}
