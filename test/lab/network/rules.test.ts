import { expect, test } from "vitest";
import { dropTable, meterTable, packetsHit, packetsPassed, resetTable } from "./rules.ts";

const flow = { from: ["10.99.0.11", "10.99.0.12"], to: ["10.99.0.13"] };

test("a cut drops and counts everything of its flows, between hosts", () => {
  expect(dropTable("fault1", [flow], 100)).toBe(`table bridge fault1 {
  chain faults {
    type filter hook forward priority 0;
    ip saddr { 10.99.0.11, 10.99.0.12 } ip daddr { 10.99.0.13 } counter drop
  }
}
`);
});

test("a loss drops a part at random", () => {
  expect(dropTable("fault1", [flow], 30)).toContain("numgen random mod 100 < 30 counter drop");
});

test("a reset answers what reaches the host itself", () => {
  const table = resetTable("fault2", ["10.99.0.11"]);
  expect(table).toContain("table inet fault2");
  expect(table).toContain("hook input");
  expect(table).toContain("ip saddr { 10.99.0.11 } meta l4proto tcp counter reject with tcp reset");
});

test("a meter counts after the faults, each pair for itself, in their order", () => {
  const pairs = Array.from({ length: 11 }, (_, index) => ({ from: `10.99.0.${index}`, to: "10.99.0.99" }));
  expect(meterTable("meter1", pairs)).toContain(
    "ip saddr 10.99.0.10 ip daddr 10.99.0.99 meta length > 80 counter name",
  );
  const counters = ["pair10", "pair2", "pair0"].map((name, packets) => ({ counter: { name, packets } }));
  expect(packetsPassed(JSON.stringify({ nftables: [{ metainfo: {} }, ...counters] }))).toEqual([2, 1, 0]);
});

test("hits are those of all rules together", () => {
  const rule = (packets: number) => ({
    rule: { expr: [{ match: {} }, { counter: { packets, bytes: 1 } }, { drop: null }] },
  });
  expect(packetsHit(JSON.stringify({ nftables: [{ table: {} }, rule(2), rule(3)] }))).toBe(5);
});
