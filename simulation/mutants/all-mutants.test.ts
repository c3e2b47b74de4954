/** The patches of all mutants still apply to the source as it is, and what comes out is still TypeScript. */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { expect, test } from "vitest";
import { allMutants } from "./all-mutants.ts";
import { patched } from "./mutant.ts";

const root = new URL("../../", import.meta.url);

test.each(allMutants)("$name applies", ({ patches }) => {
  const sources = new Map<string, string>();
  for (const patch of patches) {
    const source = sources.get(patch.file) ?? readFileSync(new URL(patch.file, root), "utf8");
    sources.set(patch.file, patched(source, patch));
  }
  for (const [file, source] of sources) expect(() => stripTypeScriptTypes(source), file).not.toThrow();
});

test("names are unique, and say what they are", () => {
  expect(new Set(allMutants.map(({ name }) => name)).size).toBe(allMutants.length);
  expect(allMutants.length).toBeGreaterThanOrEqual(20);
  for (const { name } of allMutants) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
});
