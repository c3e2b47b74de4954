/**
 * Loads the product with a mutant's bugs: from the call on, in this thread, each module that it patches is changed between
 * the file and the engine. Call it before anything imports those modules; `import()` the world after it.
 */
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { mutantNamed } from "./all-mutants.ts";
import { type Patch, patched } from "./mutant.ts";

const root = new URL("../../", import.meta.url);

/** @throws Error when there is no such mutant. */
export function loadMutant(name: string): void {
  const patches = new Map<string, Patch[]>();
  for (const patch of mutantNamed(name).patches) {
    const url = new URL(patch.file, root).href;
    patches.set(url, [...(patches.get(url) ?? []), patch]);
  }
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const ofModule = patches.get(withoutQuery(url));
      if (ofModule === undefined) return loaded;
      return { ...loaded, source: ofModule.reduce(patched, String(loaded.source)) };
    },
  });
}

function withoutQuery(url: string): string {
  const { pathname } = new URL(url);
  return pathToFileURL(decodeURIComponent(pathname)).href;
}
