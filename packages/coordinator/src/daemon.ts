/** The coordinator as a process: everything that a config makes of it, started and stopped in order. */
import { randomFillSync } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerDuplexStream } from "@grpc/grpc-js";
import type { CoordinatorConfig } from "@holdfast/shared/config/coordinator-config.ts";
import { maxMessageBytes } from "@holdfast/shared/contract/channel-options.ts";
import type { AgentMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { CoordinatorMessage } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { PeerMessage, PeerMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/PeerMessage.ts";
import { agentServiceDefinition, peerServiceDefinition } from "@holdfast/shared/contract/load.ts";
import { Exposition } from "@holdfast/shared/exposition/exposition.ts";
import type { MetricsServer } from "@holdfast/shared/exposition/metrics-server.ts";
import { exposeProcess } from "@holdfast/shared/exposition/process-metrics.ts";
import { serveExposition } from "@holdfast/shared/exposition/serve-exposition.ts";
import type { Log } from "@holdfast/shared/log.ts";
import { clientCredentials, serverCredentials } from "@holdfast/shared/tls.ts";
import { version } from "@holdfast/shared/version.ts";
import { createApi } from "./api/api.ts";
import { IdGenerator } from "./api/ids.ts";
import { ApiServer, type ServedService } from "./api/server.ts";
import { Coordinator } from "./coordinator.ts";
import { CoordinatorMeter } from "./exposition/coordinator-meter.ts";
import { exposeCoordinator } from "./exposition/coordinator-metrics.ts";
import { type FileJournal, openFileJournal } from "./loop/journal/file-journal.ts";
import { RedisArchive } from "./store/redis/redis-archive.ts";
import { openRedisStore } from "./store/redis/redis-store.ts";
import { describeRedisUrl } from "./store/redis/redis-url.ts";
import { acceptedStream } from "./stream/grpc-stream.ts";
import { systemPorts } from "./system-ports.ts";

export interface CoordinatorDaemon {
  /** Hands the leadership over, ends what is open, and resolves when the process may exit. */
  stop(): Promise<void>;
  /** Resolves when it has stopped; rejects when it cannot go on. */
  readonly closed: Promise<void>;
}

const archiveTimeoutMs = 1_000;
/** How often a coordinator that is starting looks whether it can serve yet. */
const servingLookMs = 20;

/** @throws HoldfastError when it cannot listen, or its certificates cannot be read. */
export async function runCoordinator(config: CoordinatorConfig, log: Log): Promise<CoordinatorDaemon> {
  const tls = config.tls ?? null;
  const peerCredentials = clientCredentials(tls);
  const store = await openRedisStore({
    url: config.redis,
    cell: config.cell,
    clientName: config.id,
    redisWaitReplicas: config.redisWaitReplicas,
    commitsWaitForReplicas: config.durability === "replicas",
    onConnectionError: (error) => log.debug({ reason: error.message }, "a connection to Redis failed"),
  });
  const archive = await openArchive(config, log);
  const journalOptions = { folder: join(config.dataDir, "journal"), maxBytes: config.journalMaxBytes, log };
  const journal = await openFileJournal(journalOptions);
  const meter = config.metricsListen === undefined ? null : makeMeter(config);
  const ports = systemPorts({ dataDir: config.dataDir, store, archive, journal, credentials: peerCredentials, log });
  const coordinator = new Coordinator(config, version, meter === null ? ports : { ...ports, meter: meter.meter });
  const ids = new IdGenerator(config.cell, Date.now, (buffer) => randomFillSync(buffer));
  const api = createApi({ backend: coordinator, ids, log, peerCredentials });
  const server = new ApiServer([...api.services, ...innerServices(coordinator)]);
  const { host, port } = splitAddress(config.listen);
  let metrics: MetricsServer | null = null;
  try {
    metrics = await serveCoordinatorMetrics(config, meter, coordinator, journal, log);
    await server.listen(host, port, serverCredentials(tls));
  } catch (error) {
    await metrics?.close();
    coordinator.close();
    archive.close();
    await store.close();
    await journal.close();
    throw error;
  }
  log.info({ listen: config.listen, redis: describeRedisUrl(config.redis) }, "listening");
  const running = coordinator.run();
  const serving = new AbortController();
  void announceServing(coordinator, server, serving.signal);

  const stop = async () => {
    serving.abort();
    server.setServing(false);
    coordinator.stopLeading();
    await running;
    api.close();
    coordinator.close();
    await server.stop();
    await metrics?.close();
    archive.close();
    await store.close();
    await journal.close();
  };
  let stopped: Promise<void> | null = null;
  const stopOnce = () => {
    stopped ??= stop();
    return stopped;
  };
  return { stop: stopOnce, closed: running.then(stopOnce) };
}

async function openArchive({ redis: url, cell, id }: CoordinatorConfig, log: Log): Promise<RedisArchive> {
  const onError = (error: Error) => log.debug({ reason: error.message }, "a connection to Redis failed");
  const archive = new RedisArchive({ url, cell, name: `${id}-archive`, commandTimeoutMs: archiveTimeoutMs, onError });
  await archive.open(archiveTimeoutMs);
  return archive;
}

interface ExposedMeter {
  readonly exposition: Exposition;
  readonly meter: CoordinatorMeter;
}

function makeMeter(config: CoordinatorConfig): ExposedMeter {
  const exposition = new Exposition();
  return { exposition, meter: new CoordinatorMeter(exposition, config) };
}

/** Null where nobody is to ask. */
async function serveCoordinatorMetrics(
  { metricsListen, tls }: CoordinatorConfig,
  exposed: ExposedMeter | null,
  coordinator: Coordinator,
  journal: FileJournal,
  log: Log,
): Promise<MetricsServer | null> {
  if (metricsListen === undefined || exposed === null) return null;
  const { exposition, meter } = exposed;
  exposeProcess(exposition, "coordinator");
  exposeCoordinator(exposition, {
    meter,
    sight: () => coordinator.sight(),
    journalBytes: () => journal.bytesOnDisk,
  });
  return serveExposition(exposition, { listen: metricsListen, tls: tls ?? null, log });
}

const { Session } = agentServiceDefinition;
/** A message must fit into the one in which another coordinator passes it on. */
const boundedAgentService = {
  Session: {
    ...Session,
    requestDeserialize: (bytes: Buffer) => {
      if (bytes.length <= maxMessageBytes) return Session.requestDeserialize(bytes);
      throw new RangeError(`an agent's message has ${bytes.length} bytes, at most ${maxMessageBytes}`);
    },
  },
};

type AgentCall = ServerDuplexStream<AgentMessage__Output, CoordinatorMessage>;
type PeerCall = ServerDuplexStream<PeerMessage__Output, PeerMessage>;

function innerServices(coordinator: Coordinator): readonly ServedService[] {
  return [
    {
      definition: boundedAgentService,
      implementation: { Session: (call: AgentCall) => coordinator.sessions.accept(acceptedStream(call)) },
      strict: false,
    },
    {
      definition: peerServiceDefinition,
      implementation: { link: (call: PeerCall) => coordinator.peers.accept(acceptedStream(call)) },
      strict: false,
    },
  ];
}

async function announceServing(coordinator: Coordinator, server: ApiServer, signal: AbortSignal): Promise<void> {
  while (!coordinator.isLoaded && !signal.aborted) await sleep(servingLookMs);
  if (!signal.aborted) server.setServing(true);
}

function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(address.slice(colon + 1)) };
}
