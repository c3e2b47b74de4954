import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type Described, describedMetrics } from "./described.ts";

const documentation = fileURLToPath(new URL("../../docs/monitoring.md", import.meta.url));

/** `docs/monitoring.md` has these lines between two others that are not of a table. */
function rowOf({ name, kind, labels, shownBy, help }: Described): string {
  const labelled = labels.length === 0 ? "" : `{${labels.join(", ")}}`;
  return `| \`${name}${labelled}\` | ${kind} | ${shownBy} | ${help} |`;
}

test("docs/monitoring.md has every metric, as the code describes it", () => {
  const lines = readFileSync(documentation, "utf8").split("\n");
  const rows = lines.filter((line) => /^\| `(holdfast|process)_/.test(line));
  expect(rows).toEqual(describedMetrics().map(rowOf));
});
