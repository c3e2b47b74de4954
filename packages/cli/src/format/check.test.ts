import type { Node, NodeCheck } from "@holdfast/shared/client/messages.ts";
import pc from "picocolors";
import { expect, test } from "vitest";
import { checkTable, healthOf, worstReason } from "./check.ts";
import { nodeDetail, nodeTable } from "./node.ts";

const plain = pc.createColors(false);
const nowMs = 1_000_000;

const check = (name: string, health: NodeCheck["health"], reason = "", suggestedAction = ""): NodeCheck => ({
  name,
  ...(health === undefined ? {} : { health }),
  reason,
  suggestedAction,
  sinceMs: nowMs - 90_000,
});
const good = check("memory", "HEALTH_HEALTHY");
const unread = check("clock", "HEALTH_UNKNOWN", "no time service");
const full = check("disk-space", "HEALTH_DEGRADED", "/ is 91 % full", "delete something");
const broken = check("custom.raid", "HEALTH_UNHEALTHY", "disk 3\nis dead");

test.each([
  ["HEALTH_UNKNOWN", []],
  ["HEALTH_UNKNOWN", [unread]],
  ["HEALTH_HEALTHY", [unread, good]],
  ["HEALTH_DEGRADED", [unread, full, good]],
  ["HEALTH_UNHEALTHY", [full, broken, good]],
] as const)("a node is %s by its worst known check", (expected, checks) => {
  expect(healthOf(checks)).toBe(expected);
});

test("a line says the worst, and how much more there is", () => {
  expect(worstReason([good, unread])).toBe("");
  expect(worstReason([full])).toBe("disk-space: / is 91 % full");
  expect(worstReason([full, good, broken])).toBe("custom.raid: disk 3\nis dead (and 1 more)");
});

test("the table begins with what is wrong, and lets no text steer the terminal", () => {
  expect(checkTable([good, unread, full, broken], nowMs, plain).split("\n")).toEqual([
    "CHECK        STATE      SINCE  REASON           SUGGESTED ACTION",
    "custom.raid  unhealthy  1m30s  disk 3⏎is dead",
    "disk-space   degraded   1m30s  / is 91 % full   delete something",
    "clock        unknown    1m30s  no time service",
    "memory       healthy    1m30s",
  ]);
});

test("a list of nodes shows each one's health, and why; one node in full has the table", () => {
  const node: Node = { id: "n1", state: "NODE_STATE_READY", checks: [good, full] };
  const silent: Node = { id: "n2", state: "NODE_STATE_LOST", reason: "lost 9 s ago" };
  const [heads = "", first, second] = nodeTable([node, silent], plain).split("\n");
  expect(heads).toMatch(/^NODE +STATE +HEALTH +CLASS /);
  expect(first).toMatch(/^n1 +ready +degraded .* disk-space: \/ is 91 % full$/);
  expect(second).toMatch(/^n2 +lost +- .* lost 9 s ago$/);
  expect(nodeDetail(node, nowMs, plain)).toContain("\n\nCHECK ");
  expect(nodeDetail(silent, nowMs, plain)).not.toContain("CHECK");
});

test("colours say whether it is good news", () => {
  const colours = pc.createColors(true);
  const painted = checkTable([good, full, broken], nowMs, colours);
  for (const word of [colours.green("healthy"), colours.yellow("degraded"), colours.red("unhealthy")]) {
    expect(painted).toContain(word);
  }
});
