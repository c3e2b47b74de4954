/**
 * Faults of a network as rules of nftables. Each fault is a table of its own, so that it is healed by deleting that table,
 * whatever else is wrong at the time. Every rule counts what it hits: a fault that hit nothing proved nothing.
 */

/** IP and TCP headers with time stamps and three selective acknowledgements, in bytes. */
const longestAcknowledgement = 20 + 32 + 28;

/** Packets from any of the first to any of the second, that way only. */
export interface Flow {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** @param percent how many of a hundred packets are dropped */
export function dropTable(name: string, flows: readonly Flow[], percent: number): string {
  const share = percent >= 100 ? "" : `numgen random mod 100 < ${percent} `;
  const rules = flows.map(({ from, to }) => `ip saddr ${setOf(from)} ip daddr ${setOf(to)} ${share}counter drop`);
  return tableOf("bridge", name, "forward", rules);
}

/** For the receiving host's own namespace: whoever sends to it is told that there is no such connection. */
export function resetTable(name: string, from: readonly string[]): string {
  return tableOf("inet", name, "input", [`ip saddr ${setOf(from)} meta l4proto tcp counter reject with tcp reset`]);
}

/**
 * Counts, under the names `pair0`, `pair1` …, what passes that brings something: longer than an acknowledgement of TCP,
 * and not dropped by a fault, whose rules come first.
 */
export function meterTable(name: string, pairs: readonly { readonly from: string; readonly to: string }[]): string {
  const counters = pairs.map((_, index) => `  counter pair${index} {}`).join("\n");
  const rules = pairs.map(({ from, to }, index) => {
    return `    ip saddr ${from} ip daddr ${to} meta length > ${longestAcknowledgement} counter name pair${index}`;
  });
  return `table bridge ${name} {
${counters}
  chain passing {
    type filter hook forward priority 100;
${rules.join("\n")}
  }
}
`;
}

/** In the order of the pairs. @param listed the table as `nft --json list table` tells it */
export function packetsPassed(listed: string): number[] {
  const { nftables } = JSON.parse(listed) as { nftables: readonly { counter?: { name: string; packets: number } }[] };
  const counters = nftables.flatMap(({ counter }) => counter ?? []);
  const numberOf = (name: string) => Number(name.slice("pair".length));
  return counters.sort((one, other) => numberOf(one.name) - numberOf(other.name)).map(({ packets }) => packets);
}

/** How many packets the rules of a table have hit. @param listed the table as `nft --json list table` tells it */
export function packetsHit(listed: string): number {
  const { nftables } = JSON.parse(listed) as { nftables: readonly { rule?: { expr: readonly Expression[] } }[] };
  const counters = nftables.flatMap(({ rule }) => rule?.expr ?? []).map(({ counter }) => counter?.packets ?? 0);
  return counters.reduce((sum, packets) => sum + packets, 0);
}

interface Expression {
  readonly counter?: { readonly packets: number };
}

function tableOf(family: "bridge" | "inet", name: string, hook: string, rules: readonly string[]): string {
  const body = rules.map((rule) => `    ${rule}`).join("\n");
  return `table ${family} ${name} {
  chain faults {
    type filter hook ${hook} priority 0;
${body}
  }
}
`;
}

function setOf(addresses: readonly string[]): string {
  return `{ ${addresses.join(", ")} }`;
}
