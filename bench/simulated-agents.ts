/**
 * A process of simulated agents: each speaks AgentService.Session on a TCP connection of its own to each coordinator. Apart
 * from the benchmark, so that what it costs is not the leader's. It ends with the process that started it.
 *
 *   fork("simulated-agents.ts", [JSON of FleetSettings])
 */
import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContext } from "node:tls";
import type { TlsFiles } from "@holdfast/shared/tls.ts";
import { steadyMs } from "./measure/steady-clock.ts";
import type { FleetSettings, FromFleet, ToFleet } from "./simulation/fleet-messages.ts";
import { SimulatedAgent } from "./simulation/simulated-agent.ts";

/** Beats are sent in so many groups, spread over the interval. */
const beatGroups = 200;
const connectEveryMs = 10;

const settings: FleetSettings = JSON.parse(process.argv[2] ?? "{}");
const secureContext = secureContextOf(settings.tls);
const counters = { beats: 0, starts: 0, acknowledged: 0, sessions: 0, disconnects: 0 };
const agents: SimulatedAgent[] = [];
const work = { slots: settings.slots, taskMs: settings.taskMs, secureContext };
let highestEpoch = 0;
let awaited = Number.POSITIVE_INFINITY;

const events = {
  welcomed: () => {
    counters.sessions += 1;
    if (counters.sessions === settings.agents * settings.addresses.length) say({ kind: "ready" });
  },
  ordered: (epoch: number, starts: number) => {
    counters.starts += starts;
    if (epoch <= highestEpoch) return;
    highestEpoch = epoch;
    say({ kind: "newEpoch", epoch, atMs: steadyMs() });
  },
  acknowledged: (count: number) => {
    counters.acknowledged += count;
    tellAcknowledged();
  },
  disconnected: () => {
    counters.sessions -= 1;
    counters.disconnects += 1;
  },
};

function secureContextOf(tls: TlsFiles | null): SecureContext | null {
  if (tls === null) return null;
  const [ca, cert, key] = [tls.caFile, tls.certificateFile, tls.keyFile].map((file) => readFileSync(file));
  return createSecureContext({ ca, cert, key });
}

function say(message: FromFleet): void {
  process.send?.(message);
}

function tellAcknowledged(): void {
  if (counters.acknowledged < awaited) return;
  awaited = Number.POSITIVE_INFINITY;
  say({ kind: "acknowledged", atMs: steadyMs() });
}

function connectMore(count: number): void {
  for (let added = 0; added < count && agents.length < settings.agents; added += 1) {
    const agent = new SimulatedAgent(`node-${String(agents.length).padStart(5, "0")}`, work, events);
    agents.push(agent);
    for (const address of settings.addresses) agent.connect(address);
  }
}

/** An agent's metrics go with its beat of the same moment, as its place among the agents decides. */
function beatOfGroup(group: number, round: number): void {
  const beatsPerMetrics = Math.max(1, Math.round(settings.metricsIntervalMs / settings.beatIntervalMs));
  for (let index = group; index < agents.length; index += beatGroups) {
    const agent = agents[index];
    counters.beats += agent?.beat() ?? 0;
    if ((index + round) % beatsPerMetrics === 0) agent?.sendMetrics();
  }
}

function connectAll(): void {
  const startedAtMs = steadyMs();
  const connecting = setInterval(() => {
    const due = Math.ceil(((steadyMs() - startedAtMs) * settings.connectsPerS) / 1_000);
    connectMore(due - agents.length);
    if (agents.length === settings.agents) clearInterval(connecting);
  }, connectEveryMs);
}

/** Against the clock, so that a late timer delays beats and drops none. */
function beatAlways(): void {
  const startedAtMs = steadyMs();
  const groupMs = settings.beatIntervalMs / beatGroups;
  let done = 0;
  setInterval(() => {
    const due = Math.floor((steadyMs() - startedAtMs) / groupMs);
    for (; done < due; done += 1) beatOfGroup(done % beatGroups, Math.floor(done / beatGroups));
  }, groupMs);
}

process.on("message", (message: ToFleet) => {
  if (message.kind === "counters") return say({ kind: "counters", counters });
  awaited = message.count;
  tellAcknowledged();
});
process.on("disconnect", () => process.exit());

connectAll();
beatAlways();
