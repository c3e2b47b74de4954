/**
 * The example files are what people start from: they load as they stand, and show all that can be set.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadAgentConfig } from "./agent-config.ts";
import { loadCoordinatorConfig } from "./coordinator-config.ts";
import { readYaml } from "./yaml-source.ts";

function example(name: string): string {
  return fileURLToPath(new URL(`../../../../deploy/config/${name}.example.yaml`, import.meta.url));
}

/** The shown settings: lines of the form `# name: …`, and what is indented below them. */
function shownSettings(file: string): string {
  return readFileSync(file, "utf8").replace(/^# (?=[a-z][A-Za-z]*:(?: |$)| {2})/gm, "");
}

test.each([
  ["coordinator", loadCoordinatorConfig, ["tls", "redisOverlapMs", "metricsListen"]],
  ["agent", loadAgentConfig, ["tls", "cgroupParent", "metricsListen"]],
] as const)("the example for a %s is valid and shows every setting", (name, load, withoutDefault) => {
  const file = example(name);
  const config = load({ file, env: {} });
  const shown = readYaml(file, shownSettings(file)).values;
  const settable = new Set<string>([...Object.keys(config), ...withoutDefault]);
  expect(Object.keys(shown).filter((key) => !settable.has(key))).toEqual([]);
  expect([...settable].filter((key) => !Object.hasOwn(shown, key))).toEqual([]);
});
