/**
 * Settings of an agent. `deploy/config/agent.example.yaml` shows them with their defaults.
 */
import { hostname } from "node:os";
import { z } from "zod";
import { checkSettings } from "./check-settings.ts";
import {
  absoluteTlsFiles,
  address,
  durationMs,
  identity,
  listensOnLoopback,
  logLevel,
  path,
  sizeBytes,
  text,
  tlsFiles,
  wholeNumber,
} from "./fields.ts";
import { type ConfigSources, type Frozen, loadConfig, pathResolver } from "./load-config.ts";
import { relation } from "./relation.ts";

const hourMs = 3_600_000;
const labelText = "text of up to 63 characters (quote what YAML takes for a number or a boolean)";

const settings = z.strictObject({
  /** Unique in the cluster; the machine's host name when not set. */
  nodeId: identity().default(() => hostname()),
  /** Which of the coordinators' nodeClasses it belongs to. */
  nodeClass: identity().default("default"),
  labels: z
    .record(identity(), z.string({ error: `must be ${labelText}` }).max(63, { error: `must be ${labelText}` }), {
      error: "must be a mapping of names to text",
    })
    .default({}),
  /** All of them: the agent keeps a session with each. */
  coordinators: z
    .array(address(), { error: "must be a list of host:port" })
    .min(1, { error: "must name at least one coordinator" }),
  dataDir: path("the path of a folder for this agent's journal and its tasks' output"),
  tls: tlsFiles().optional(),
  /** Where Prometheus finds /metrics; not set: nowhere. */
  metricsListen: address().optional(),
  /** Kept back for the system, and not promised to tasks. */
  reserve: z
    .strictObject({ cpuMillis: wholeNumber(0, 1_000_000).default(0), memoryBytes: sizeBytes().default(0) })
    .default({ cpuMillis: 0, memoryBytes: 0 }),
  /** Further resources that tasks may ask for by name, such as licences; GPUs are found without this. */
  counts: z
    .record(identity(), wholeNumber(0, 1_000_000), { error: "must be a mapping of names to whole numbers" })
    .default({}),
  /** How long, and up to how much together, the output of ended attempts stays on this node. */
  outputRetentionMs: durationMs().default(24 * hourMs),
  outputRetentionBytes: sizeBytes().default(1024 ** 3),
  /** Path below the cgroup root under which each task gets its own group; not set: none. */
  cgroupParent: text('a path such as "/holdfast"', /^\/[A-Za-z0-9._/-]*$/).optional(),
  /** What it looks after on its node besides the tasks. */
  checks: checkSettings(),
  logLevel: logLevel().default("info"),
});

const checked = settings.check(
  relation<typeof settings>(["metricsListen", "tls"], "metricsListen", {
    holds: ({ metricsListen, tls }) =>
      metricsListen === undefined || listensOnLoopback(metricsListen) || tls !== undefined,
    error: "reaches beyond this machine without TLS; set tls, or listen on 127.0.0.1",
  }),
);

/** Complete and frozen; paths are absolute. */
export type AgentConfig = Frozen<z.output<typeof settings>>;

const agentVariables = "HOLDFAST_AGENT_";

/** @throws ConfigError with every mistake */
export function loadAgentConfig(sources: ConfigSources): AgentConfig {
  const absolute = pathResolver(sources.file);
  const schema = checked.transform((config) => ({
    ...config,
    dataDir: absolute(config.dataDir),
    tls: absoluteTlsFiles(config.tls, absolute),
  }));
  return loadConfig(schema, agentVariables, sources);
}
