/**
 * Settings of a coordinator. `deploy/config/coordinator.example.yaml` shows them with their defaults.
 */
import { z } from "zod";
import {
  absoluteTlsFiles,
  address,
  durationMs,
  identity,
  isWildcard,
  listensOnLoopback,
  logLevel,
  path,
  sizeBytes,
  text,
  tlsFiles,
  wholeNumber,
  yesOrNo,
} from "./fields.ts";
import { type ConfigSources, type Frozen, loadConfig, pathResolver } from "./load-config.ts";
import { relation } from "./relation.ts";

const hourMs = 3_600_000;
const short = { minMs: 10, maxMs: hourMs };

const nodeClass = z.strictObject({ suspectAfterMs: durationMs(short), lostAfterMs: durationMs(short) });

const settings = z.strictObject({
  /** Unique in the cluster; `coordinator-<number>` when not set. */
  id: identity().optional(),
  /** Unique in the cluster: its digits end every epoch that this coordinator leads in. */
  number: wholeNumber(0, 999),
  /** Which log and lease it works on. */
  cell: text("1 to 32 small letters or digits", /^[a-z0-9]{1,32}$/).default("main"),
  listen: address().default("127.0.0.1:7400"),
  /** Where Prometheus finds /metrics; not set: nowhere. */
  metricsListen: address().optional(),
  /** Where agents, clients and the other coordinators reach it; `listen` when not set. */
  advertise: address().optional(),
  redis: text(
    "redis://host:port, rediss://host:port, redis+unix:///path or redis+sentinel://host:port,host:port/primary",
    /^(rediss?(\+sentinel)?:\/\/[^/]|(redis\+)?unix:\/\/\/[^/])\S*$/,
  ),
  /** An acquired or renewed lease counts when so many of Redis' replicas have it. */
  redisWaitReplicas: wholeNumber(0, 16).default(0),
  dataDir: path("the path of a folder for this coordinator's own files"),
  /** What must have happened to a write before it is acknowledged (docs/durability.md). */
  durability: z
    .enum(["store", "replicas", "journal"], { error: "must be store, replicas or journal" })
    .default("store"),
  /** Of committed batches in dataDir; the oldest go when there are more. */
  journalMaxBytes: sizeBytes().default(64 * 1024 * 1024),
  /** How long a new leader waits for the other coordinators' journals when Redis may have lost writes. */
  mergeWaitMs: durationMs(short).default(5_000),
  /** Whether what was measured is kept in Redis, so that it outlives coordinators: up to 256 KiB a node. */
  archiveSeries: yesOrNo().default(true),
  tls: tlsFiles().optional(),
  /** Accepts connections from other machines without TLS: everybody who reaches `listen` commands the cluster. */
  insecureListenBeyondLoopback: yesOrNo().default(false),
  leaseTtlMs: durationMs(short).default(3_000),
  leaseRenewMs: durationMs(short).default(500),
  /** After the last good renewal was sent. */
  stepDownMs: durationMs(short).default(2_000),
  /** How often deadlines are looked at. */
  tickIntervalMs: durationMs({ minMs: 10, maxMs: 10_000 }).default(100),
  /** How often agents are told to beat. */
  beatIntervalMs: durationMs({ minMs: 50, maxMs: hourMs }).default(1_000),
  metricsIntervalMs: durationMs({ minMs: 100, maxMs: hourMs }).default(5_000),
  /** Silence after which a node gets no new tasks, and after which its tasks are given to others. */
  suspectAfterMs: durationMs(short).default(1_500),
  lostAfterMs: durationMs(short).default(3_000),
  /** The same for the nodes of one class. */
  nodeClasses: z.record(identity(), nodeClass, { error: "must be a mapping of class names" }).default({}),
  /** How long a node that said it would be back may stay away. */
  awayMaxMs: durationMs({ minMs: 1_000, maxMs: hourMs }).default(60_000),
  /** For how long after a beat of its agent an exclusive task may run without being granted more time (T). */
  exclusiveLeaseMs: durationMs({ minMs: 1_000, maxMs: hourMs }).default(20_000),
  /** So long after the last grant an exclusive task whose node is lost may be given to another (W). */
  exclusiveReassignMs: durationMs({ minMs: 1_000, maxMs: 24 * hourMs }).default(27_000),
  /** Longest stop grace of an exclusive task: how long its processes may take to end after the stop signal (K). */
  exclusiveKillMs: durationMs({ minMs: 0, maxMs: hourMs }).default(5_000),
  /** How late a node's supervisor may notice that a lease has ended, and SIGKILL may take effect, together (S). */
  exclusiveEnforcementMs: durationMs(short).default(1_000),
  /** The largest part by which a clock's rate may be off, of nodes and coordinators (ρ). */
  clockRateError: z
    .number({ error: "must be a number from 0 to 0.1" })
    .gte(0, { error: "must be at least 0" })
    .lte(0.1, { error: "must be at most 0.1" })
    .default(0.001),
  /** Where Redis has replicas: how long a primary that was replaced may go on to accept renewals of leases. */
  redisOverlapMs: durationMs({ minMs: 0, maxMs: 24 * hourMs }).optional(),
  /** A waiting task gains one point of priority in this time. */
  agingMs: durationMs().default(60_000),
  endedTasksKept: wholeNumber(0, 100_000_000).default(1_000_000),
  endedTasksKeptMs: durationMs().default(24 * hourMs),
  eventsKept: wholeNumber(100, 1_000_000).default(10_000),
  /** Entries of the log that stay behind for standbys and watchers to catch up from. */
  logEntriesKept: wholeNumber(100, 10_000_000).default(100_000),
  /** Submissions are refused when Redis uses more than this part of its `maxmemory`. */
  submitMemoryFraction: z
    .number({ error: "must be a number above 0 and up to 1" })
    .gt(0, { error: "must be above 0" })
    .lte(1, { error: "must be at most 1" })
    .default(0.8),
  /** Begin a new log when Redis is empty although this coordinator belongs to one: what was in that log is given up. */
  beginAnew: yesOrNo().default(false),
  logLevel: logLevel().default("info"),
});

const checked = settings
  .check(
    relation<typeof settings>(["leaseRenewMs", "stepDownMs"], "leaseRenewMs", {
      holds: ({ leaseRenewMs, stepDownMs }) => leaseRenewMs * 2 <= stepDownMs,
      error: "must be at most half of stepDownMs, so that one lost renewal does not end a leadership",
    }),
  )
  .check(
    relation<typeof settings>(["durability", "redisWaitReplicas"], "redisWaitReplicas", {
      holds: ({ durability, redisWaitReplicas }) => durability !== "replicas" || redisWaitReplicas > 0,
      error: "must be at least 1 with durability: replicas",
    }),
  )
  .check(
    relation<typeof settings>(["journalMaxBytes"], "journalMaxBytes", {
      holds: ({ journalMaxBytes }) => journalMaxBytes >= 1024 * 1024,
      error: "must be at least 1 MiB",
    }),
  )
  .check(
    relation<typeof settings>(["stepDownMs", "leaseTtlMs"], "stepDownMs", {
      holds: ({ stepDownMs, leaseTtlMs }) => stepDownMs * 1.25 <= leaseTtlMs,
      error: "must be at most 4/5 of leaseTtlMs, so that a leader has stopped before its lease can be another's",
    }),
  )
  .check(
    relation<typeof settings>(["beatIntervalMs", "suspectAfterMs"], "suspectAfterMs", {
      holds: ({ beatIntervalMs, suspectAfterMs }) => suspectAfterMs > beatIntervalMs,
      error: "must be longer than beatIntervalMs, or every node is suspect between two beats",
    }),
  )
  .check(
    relation<typeof settings>(["suspectAfterMs", "lostAfterMs"], "lostAfterMs", {
      holds: ({ suspectAfterMs, lostAfterMs }) => lostAfterMs >= suspectAfterMs,
      error: "must be at least suspectAfterMs",
    }),
  )
  .check(
    relation<typeof settings>(["nodeClasses", "beatIntervalMs"], "nodeClasses", {
      holds: ({ nodeClasses, beatIntervalMs }) =>
        Object.values(nodeClasses).every(
          ({ suspectAfterMs, lostAfterMs }) => suspectAfterMs > beatIntervalMs && lostAfterMs >= suspectAfterMs,
        ),
      error: "each class needs beatIntervalMs < suspectAfterMs <= lostAfterMs",
    }),
  )
  .check(
    relation<typeof settings>(
      ["exclusiveReassignMs", "exclusiveLeaseMs", "exclusiveKillMs", "exclusiveEnforcementMs", "clockRateError"],
      "exclusiveReassignMs",
      {
        holds: (config) => config.exclusiveReassignMs >= shortestReassignMs(config),
        error: (config) =>
          `must be at least ${shortestReassignMs(config)} ms, or an exclusive task could run on two nodes at a time; ` +
          "docs/exclusive.md derives it",
      },
    ),
  )
  .check(
    relation<typeof settings>(["exclusiveLeaseMs", "lostAfterMs", "beatIntervalMs"], "exclusiveLeaseMs", {
      holds: ({ exclusiveLeaseMs, lostAfterMs, beatIntervalMs }) =>
        exclusiveLeaseMs >= lostAfterMs && exclusiveLeaseMs >= 3 * beatIntervalMs,
      error:
        "must be at least lostAfterMs and three times beatIntervalMs, or exclusive tasks end for want of a grant while " +
        "their node is well",
    }),
  )
  .check(
    relation<typeof settings>(["listen", "insecureListenBeyondLoopback", "tls"], "listen", {
      holds: ({ listen, insecureListenBeyondLoopback, tls }) =>
        listensOnLoopback(listen) || tls !== undefined || insecureListenBeyondLoopback,
      error:
        "reaches beyond this machine without TLS; set tls, or insecureListenBeyondLoopback: true where everybody " +
        "on the network may command the cluster",
    }),
  )
  .check(
    relation<typeof settings>(["metricsListen", "insecureListenBeyondLoopback", "tls"], "metricsListen", {
      holds: ({ metricsListen, insecureListenBeyondLoopback, tls }) =>
        metricsListen === undefined ||
        listensOnLoopback(metricsListen) ||
        tls !== undefined ||
        insecureListenBeyondLoopback,
      error: "reaches beyond this machine without TLS; set tls, or listen on 127.0.0.1",
    }),
  )
  .check(
    relation<typeof settings>(["listen", "advertise"], "advertise", {
      holds: ({ listen, advertise }) => !isWildcard(advertise ?? listen),
      error: "must be an address that others can dial, since listen is every interface",
    }),
  );

type Settings = z.output<typeof settings>;

/** W >= (1+ρ)/(1-ρ)*(T+K) + (1+ρ)*S: C. Gray, D. Cheriton, "Leases" (SOSP 1989); derived in docs/exclusive.md. */
function shortestReassignMs({
  exclusiveLeaseMs,
  exclusiveKillMs,
  exclusiveEnforcementMs,
  clockRateError,
}: Pick<Settings, "exclusiveLeaseMs" | "exclusiveKillMs" | "exclusiveEnforcementMs" | "clockRateError">): number {
  const onTheNode = byOtherClockMs(exclusiveLeaseMs + exclusiveKillMs, clockRateError);
  return Math.ceil(onTheNode + (1 + clockRateError) * exclusiveEnforcementMs);
}

/** `redisOverlapMs` by this coordinator's clock when it is fast, and Redis' is slow. Unset: 0. */
export function countedOverlapMs({
  redisOverlapMs = 0,
  clockRateError,
}: Pick<Settings, "redisOverlapMs" | "clockRateError">): number {
  return Math.ceil(byOtherClockMs(redisOverlapMs, clockRateError));
}

/** What a clock that is as fast as may be shows while one that is as slow as may be shows `ms`. */
function byOtherClockMs(ms: number, clockRateError: number): number {
  return ((1 + clockRateError) / (1 - clockRateError)) * ms;
}

/** Complete and frozen; paths are absolute. */
export type CoordinatorConfig = Frozen<Omit<Settings, "id" | "advertise"> & { id: string; advertise: string }>;

const coordinatorVariables = "HOLDFAST_COORDINATOR_";

/** @throws ConfigError with every mistake */
export function loadCoordinatorConfig(sources: ConfigSources): CoordinatorConfig {
  const absolute = pathResolver(sources.file);
  const schema = checked.transform((config) => ({
    ...config,
    id: config.id ?? `coordinator-${config.number}`,
    advertise: config.advertise ?? config.listen,
    dataDir: absolute(config.dataDir),
    tls: absoluteTlsFiles(config.tls, absolute),
  }));
  return loadConfig(schema, coordinatorVariables, sources);
}
