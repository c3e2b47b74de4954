/** Waits until a cluster can be used, and says what it lacks when it cannot. */
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { TlsFiles } from "@holdfast/shared/tls.ts";

export interface Readiness {
  /** Coordinators that must answer, each for itself. */
  readonly addresses: () => readonly string[];
  /** Nodes that each of them must hear. */
  readonly nodeIds: () => readonly string[];
  readonly withinMs: number;
  readonly signal: AbortSignal | undefined;
  /** Where the coordinators use TLS. */
  readonly tls?: TlsFiles | undefined;
  /** Files whose last lines may tell why it does not become ready. */
  readonly logs: readonly string[];
}

const lookMs = 50;
const callMs = 1_000;
const logLinesShown = 3;

/** @throws HoldfastError unavailable that tells what is missing, or the reason of the signal */
export async function waitUntilReady({ addresses, nodeIds, withinMs, signal, tls, logs }: Readiness): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  const clients = new Map<string, HoldfastClient>();
  const clientOf = (address: string): HoldfastClient => {
    const client = clients.get(address) ?? new HoldfastClient({ addresses: [address], tls });
    clients.set(address, client);
    return client;
  };
  try {
    for (;;) {
      signal?.throwIfAborted();
      const looks = addresses().map((address) => lackingAt(address, clientOf(address), nodeIds()));
      const lacking = (await Promise.all(looks)).flat();
      if (lacking.length === 0) return;
      if (performance.now() > deadlineMs) throw notReady(lacking, withinMs, logs);
      await sleep(lookMs);
    }
  } finally {
    for (const client of clients.values()) client.close();
  }
}

async function lackingAt(address: string, client: HoldfastClient, nodeIds: readonly string[]): Promise<string[]> {
  try {
    const { leaderId } = await client.cluster.status({}, { deadlineMs: callMs });
    if (leaderId === undefined || leaderId === "") return [`${address} knows no leader`];
    const heard = new Set<string>();
    for await (const node of client.nodes.listAll({ states: ["NODE_STATE_READY"] }, { deadlineMs: callMs })) {
      heard.add(node.id ?? "");
    }
    return nodeIds.filter((id) => !heard.has(id)).map((id) => `${address} does not hear ${id}`);
  } catch (error) {
    if (error instanceof HoldfastError) return [`${address} does not answer: ${error.message}`];
    throw error;
  }
}

function notReady(lacking: readonly string[], withinMs: number, logs: readonly string[]): HoldfastError {
  const shown = logs.flatMap((log) => lastLines(log).map((line) => `  ${log}: ${line}`));
  const summary = `the cluster is not ready after ${withinMs / 1000} s: ${lacking.join("; ")}`;
  return new HoldfastError("unavailable", [summary, ...shown].join("\n"));
}

function lastLines(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-logLinesShown);
}
