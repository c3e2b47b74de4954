/** Puts the agent together: what is on this node, the core that decides about it, and the coordinators that lead. */
import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { AgentConfig } from "@holdfast/shared/config/agent-config.ts";
import type { Hello } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import type { Log } from "@holdfast/shared/log.ts";
import { clientCredentials } from "@holdfast/shared/tls.ts";
import packageDescription from "../package.json" with { type: "json" };
import type { AgentEvent } from "./core/event.ts";
import { initialState } from "./core/state.ts";
import { type TakenInventory, takeInventory } from "./measure/inventory.ts";
import { NodeMeter } from "./measure/node-meter.ts";
import { type AttemptCgroups, openCgroups } from "./process/cgroup.ts";
import { bootId } from "./process/supervisor-process.ts";
import { protocolRevision } from "./session/protocol.ts";
import { Sessions } from "./session/sessions.ts";
import { readHighestEpoch } from "./shell/agent-state-file.ts";
import { AttemptHost } from "./shell/attempt-host.ts";
import { lockDataFolder } from "./shell/data-folder-lock.ts";
import { perform } from "./shell/effects.ts";
import { Lookout } from "./shell/lookout.ts";
import { Loop } from "./shell/loop.ts";
import { outputReaderOf } from "./shell/output-pieces.ts";
import { RecordWriter } from "./shell/record-writer.ts";

export interface AgentOptions {
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
const tickMs = 1_000;
const lookoutMs = 5_000;
const cleanUpMs = 60_000;
const farewellGraceMs = 2_000;

/**
 * Resolves when it has taken up what an earlier process left and dials the coordinators.
 * @throws HoldfastError failedPrecondition (the data folder is in use or damaged, TLS files), invalidArgument (the reserve
 *   leaves nothing), unavailable (the launcher does not work)
 */
export async function runAgent(config: AgentConfig, log: Log, options: AgentOptions = {}): Promise<RunningAgent> {
  await using undo = new AsyncDisposableStack();
  const { dataDir, nodeId } = config;
  // Tasks that run as other users pass through it to their own folders.
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  const lock = await lockDataFolder(dataDir);
  undo.defer(() => lock.release());
  const credentials = clientCredentials(config.tls ?? null);
  const [taken, highestEpoch, cgroups] = await Promise.all([
    inventoryOf(config, log),
    readHighestEpoch(dataDir),
    cgroupsOf(config, log),
  ]);

  let loop: Loop | null = null;
  const emit = (event: AgentEvent) => loop?.push(event);
  const supervisorBinary = options.supervisorBinary ?? builtSupervisor;
  const retention = { maxAgeMs: config.outputRetentionMs, maxBytes: config.outputRetentionBytes };
  const host = await AttemptHost.open({ dataDir, nodeId, supervisorBinary, cgroups, retention, emit, log });
  undo.defer(() => host.close());

  const meter = meterOf(taken, log);
  undo.defer(() => meter.close());
  const state = initialState(randomUUID());
  const sessions = new Sessions({
    addresses: config.coordinators,
    credentials,
    node: describe(config, taken, state.instanceId),
    tailOf: (id) => host.tailOf(id),
    readOutput: outputReaderOf((id) => host.folderOf(id)),
    measure: () => meter.sample(),
    emit,
    log,
  });

  const records = new RecordWriter(dataDir, host, log);
  const send = sessions.send.bind(sessions);
  const { promise: closed, resolve, reject } = Promise.withResolvers<void>();
  // Whoever does not ask for it still gets the log.
  closed.catch(() => {});
  let parts: AsyncDisposableStack | null = null;
  const release = async () => parts?.disposeAsync();
  loop = new Loop(state, {
    write: (written) => records.write(written),
    perform: (effect) => perform(effect, { host, send, log }),
    failed: (error) => {
      log.fatal({ err: error }, "the agent cannot go on; its tasks do");
      void release().then(() => reject(error));
    },
  });

  const attempts = await host.scan();
  loop.push({ kind: "recovered", highestEpoch, attempts });
  await loop.settled();
  log.info({ nodeId, attempts: attempts.length, highestEpoch }, "the agent has started");

  sessions.start();
  undo.defer(() => sessions.close(farewellGraceMs));
  const lookout = new Lookout(state, host);
  undo.defer(every(tickMs, () => emit({ kind: "tick" })));
  undo.defer(every(lookoutMs, () => void lookout.look()));
  undo.defer(every(cleanUpMs, () => void host.cleanUp()));

  parts = undo.move();
  const stop = async (returning: boolean) => {
    emit({ kind: "shutdown", returning, reason: returning ? "the agent restarts" : "the agent was stopped" });
    await loop.settled();
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

function every(intervalMs: number, action: () => void): () => void {
  const timer = setInterval(action, intervalMs);
  return () => clearInterval(timer);
}

function describe(config: AgentConfig, { inventory }: TakenInventory, instanceId: string): Hello {
  return {
    nodeId: config.nodeId,
    bootId: bootId(),
    protocolRevision,
    inventory,
    nodeClass: config.nodeClass,
    labels: config.labels,
    agentVersion: packageDescription.version,
    instanceId,
  };
}

async function inventoryOf({ reserve, counts }: AgentConfig, log: Log): Promise<TakenInventory> {
  const onProblem = (problem: string) => log.warn({ problem }, "the inventory is not complete");
  return takeInventory({ reserved: reserve, counts, onProblem });
}

function meterOf({ cgroup, gpuNumbers }: TakenInventory, log: Log): NodeMeter {
  return new NodeMeter({
    cgroup,
    gpuNumbers,
    onSensorChange: (change) => log.warn({ change }, "a sensor has switched itself off or on again"),
  });
}

async function cgroupsOf({ cgroupParent, nodeId }: AgentConfig, log: Log): Promise<AttemptCgroups | null> {
  if (cgroupParent === undefined) return null;
  // Several agents of one machine may share a parent's name in their configurations.
  const support = await openCgroups(`${cgroupParent.replace(/^\/+/, "")}-${nodeId}`);
  if (support.kind === "available") return support.cgroups;
  log.warn({ reason: support.reason }, "tasks get no cgroups of their own");
  return null;
}
