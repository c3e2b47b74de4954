/** Puts the agent together: what is on this node, the core that decides about it, and the coordinators that lead. */
import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { systemClock } from "@holdfast/shared/clock.ts";
import type { AgentConfig } from "@holdfast/shared/config/agent-config.ts";
import type { Hello } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import type { MetricsServer } from "@holdfast/shared/exposition/metrics-server.ts";
import type { Log } from "@holdfast/shared/log.ts";
import { clientCredentials } from "@holdfast/shared/tls.ts";
import packageDescription from "../package.json" with { type: "json" };
import { Agent } from "./agent.ts";
import type { Checker } from "./checks/checker.ts";
import { nodeChecks } from "./checks/node-checks.ts";
import { LastSample } from "./exposition/last-sample.ts";
import { type TakenInventory, takeInventory } from "./measure/inventory.ts";
import { NodeMeter } from "./measure/node-meter.ts";
import type { SensorChange } from "./measure/sensor-budget.ts";
import type { AgentPorts } from "./ports.ts";
import { type AttemptCgroups, openCgroups } from "./process/cgroup.ts";
import { bootId } from "./process/supervisor-process.ts";
import { dialOverGrpc } from "./session/dial.ts";
import { protocolRevision } from "./session/protocol.ts";
import { AttemptHost } from "./shell/attempt-host.ts";
import { lockDataFolder } from "./shell/data-folder-lock.ts";
import { outputReaderOf } from "./shell/output-pieces.ts";
import { RecordWriter } from "./shell/record-writer.ts";

export interface DaemonOptions {
  /** Path of holdfast-supervisor; the one of this tree when not set. */
  readonly supervisorBinary?: string;
}

export interface RunningAgent {
  /**
   * Says farewell to the coordinators and lets go of everything but the tasks, which go on.
   * `returning` (the default): it will be back, and its tasks are not given to others for now.
   */
  stop(options?: { readonly returning?: boolean }): Promise<void>;
  /** Resolves when it has stopped; rejects when it had to, because of a defect. */
  readonly closed: Promise<void>;
}

const builtSupervisor = fileURLToPath(new URL("../../supervisor/build/holdfast-supervisor", import.meta.url));
const cleanUpMs = 60_000;

/**
 * Resolves when it has taken up what an earlier process left and dials the coordinators.
 * @throws HoldfastError failedPrecondition (the data folder is in use or damaged, TLS files), invalidArgument (the reserve
 *   leaves nothing), unavailable (the launcher does not work)
 */
export async function runAgent(config: AgentConfig, log: Log, options: DaemonOptions = {}): Promise<RunningAgent> {
  await using undo = new AsyncDisposableStack();
  const { dataDir, nodeId } = config;
  // Tasks that run as other users pass through it to their own folders.
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  const lock = await lockDataFolder(dataDir);
  undo.defer(() => lock.release());
  const credentials = clientCredentials(config.tls ?? null);
  const [taken, cgroups] = await Promise.all([inventoryOf(config, log), cgroupsOf(config, log)]);

  const supervisorBinary = options.supervisorBinary ?? builtSupervisor;
  const retention = { maxAgeMs: config.outputRetentionMs, maxBytes: config.outputRetentionBytes };
  const host = await AttemptHost.open({ dataDir, nodeId, supervisorBinary, cgroups, retention, log });
  undo.defer(() => host.close());
  const sensorsOff = new Set<string>();
  const onSensorChange = noteSensors(sensorsOff, log);
  const { cgroup, gpuNumbers } = taken;
  const meter = new NodeMeter({ cgroup, gpuNumbers, onSensorChange });
  undo.defer(() => meter.close());
  const checks = nodeChecks({ settings: config.checks, cgroup, clock: systemClock, onSensorChange });
  undo.defer(() => checks.close());
  const lastSample = new LastSample(() => meter.sample());

  const { promise: closed, resolve, reject } = Promise.withResolvers<void>();
  // Whoever does not ask for it still gets the log.
  closed.catch(() => {});
  let parts: AsyncDisposableStack | null = null;
  const release = async () => parts?.disposeAsync();
  const ports: AgentPorts = {
    clock: systemClock,
    randomness: { fraction: Math.random, instanceId: randomUUID },
    dial: dialOverGrpc(credentials),
    host,
    memory: new RecordWriter(dataDir, host, log),
    readOutput: outputReaderOf((id) => host.folderOf(id)),
    measure: () => lastSample.take(),
    checks,
    log,
  };
  const agent = new Agent(ports, {
    coordinators: config.coordinators,
    node: describe(config, taken),
    failed: (error) => {
      log.fatal({ err: error }, "the agent cannot go on; its tasks do");
      void release().then(() => reject(error));
    },
  });
  undo.defer(() => agent.close());
  // Before the agent shows itself: an address that is taken must not make a node that comes and goes.
  const metrics = await serveAgentMetrics(config, { agent, lastSample, sensorsOff, checks }, log);
  undo.defer(() => metrics?.close());
  await agent.start();
  checks.start();
  const cleanUp = systemClock.every(cleanUpMs, () => void host.cleanUp());
  undo.defer(() => cleanUp.cancel());

  parts = undo.move();
  const stop = async (returning: boolean) => {
    await agent.stop(returning);
    await release();
    log.info("the agent has stopped");
    resolve();
  };
  let stopping: Promise<void> | null = null;
  return {
    stop: ({ returning = true } = {}) => {
      stopping ??= stop(returning);
      return stopping;
    },
    closed,
  };
}

function describe(config: AgentConfig, { inventory }: TakenInventory): Hello {
  return {
    nodeId: config.nodeId,
    bootId: bootId(),
    protocolRevision,
    inventory,
    nodeClass: config.nodeClass,
    labels: config.labels,
    agentVersion: packageDescription.version,
  };
}

async function inventoryOf({ reserve, counts }: AgentConfig, log: Log): Promise<TakenInventory> {
  const onProblem = (problem: string) => log.warn({ problem }, "the inventory is not complete");
  return takeInventory({ reserved: reserve, counts, onProblem });
}

/** @param sensorsOff kept up to date with the names of those that have switched themselves off, checks among them */
function noteSensors(sensorsOff: Set<string>, log: Log): (change: SensorChange) => void {
  return (change) => {
    if (change.state === "off") sensorsOff.add(change.sensor);
    else sensorsOff.delete(change.sensor);
    log.warn({ change }, "a sensor has switched itself off or on again");
  };
}

interface Exposed {
  readonly agent: Agent;
  readonly lastSample: LastSample;
  readonly sensorsOff: ReadonlySet<string>;
  readonly checks: Checker;
}

/** Null where nobody is to ask. */
async function serveAgentMetrics(
  { metricsListen, tls, nodeId, nodeClass }: AgentConfig,
  { agent, lastSample, sensorsOff, checks }: Exposed,
  log: Log,
): Promise<MetricsServer | null> {
  if (metricsListen === undefined) return null;
  // An agent is to be small: what only this needs is loaded only for it.
  const { agentExposition } = await import("./exposition/agent-exposition.ts");
  return agentExposition({ nodeId, nodeClass, agent, lastSample, sensorsOff, checks }).serve(
    metricsListen,
    tls ?? null,
    log,
  );
}

async function cgroupsOf({ cgroupParent, nodeId }: AgentConfig, log: Log): Promise<AttemptCgroups | null> {
  if (cgroupParent === undefined) return null;
  // Several agents of one machine may share a parent's name in their configurations.
  const support = await openCgroups(`${cgroupParent.replace(/^\/+/, "")}-${nodeId}`);
  if (support.kind === "available") return support.cgroups;
  log.warn({ reason: support.reason }, "tasks get no cgroups of their own");
  return null;
}
