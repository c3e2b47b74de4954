/**
 * What people see when a configuration is wrong, and how file, environment and flags come together.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadAgentConfig } from "./agent-config.ts";
import { ConfigError, type ConfigMistake } from "./config-error.ts";
import { countedOverlapMs, loadCoordinatorConfig } from "./coordinator-config.ts";
import type { ConfigSources } from "./load-config.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

function configFile(...lines: string[]): string {
  const file = join(folder, "daemon.yaml");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

function mistakesIn(load: (sources: ConfigSources) => unknown, sources: ConfigSources): readonly ConfigMistake[] {
  try {
    load({ env: {}, ...sources });
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.mistakes.map((mistake) => ({ ...mistake, place: mistake.place.replace(`${folder}/`, "") }));
    }
    throw error;
  }
  throw new Error("the configuration was accepted; expected mistakes");
}

const coordinator = ["number: 1", "redis: unix:///run/redis.sock", "dataDir: data"];

test("a short file is completed with defaults, made absolute and frozen", () => {
  const config = loadCoordinatorConfig({ file: configFile(...coordinator, "leaseTtlMs: 4s"), env: {} });
  expect(config).toMatchObject({
    id: "coordinator-1",
    cell: "main",
    advertise: "127.0.0.1:7400",
    dataDir: join(folder, "data"),
    leaseTtlMs: 4_000,
    endedTasksKeptMs: 86_400_000,
  });
  expect(Object.isFrozen(config.nodeClasses)).toBe(true);
});

test("every mistake is told at once, each with its place, value and remedy", () => {
  const file = configFile(
    "number: 1200",
    'leaseTtlMs: "3 parsecs"',
    "leaseRenewMS: 500",
    "suspectAfterMs: 4s",
    "tls:",
    "  caFile: ca.pem",
    "  keyfile: key.pem",
  );
  expect(mistakesIn(loadCoordinatorConfig, { file })).toMatchInlineSnapshot(`
    [
      {
        "message": "must be a whole number from 0 to 999; it is 1200",
        "place": "daemon.yaml:1:9",
        "setting": "number",
      },
      {
        "message": "is missing; must be redis://host:port, rediss://host:port, redis+unix:///path or redis+sentinel://host:port,host:port/primary",
        "place": "daemon.yaml:1:1",
        "setting": "redis",
      },
      {
        "message": "is missing; must be the path of a folder for this coordinator's own files",
        "place": "daemon.yaml:1:1",
        "setting": "dataDir",
      },
      {
        "message": "is missing; must be the path of a PEM file with this process's certificate",
        "place": "daemon.yaml:6:3",
        "setting": "tls.certificateFile",
      },
      {
        "message": "is missing; must be the path of a PEM file with the certificate's private key",
        "place": "daemon.yaml:6:3",
        "setting": "tls.keyFile",
      },
      {
        "message": "is not a setting; did you mean keyFile?",
        "place": "daemon.yaml:7:3",
        "setting": "tls.keyfile",
      },
      {
        "message": "must be a duration from 10 ms to 3600000 ms: 3s, 500ms, 2m, 24h or a whole number of milliseconds; it is "3 parsecs"",
        "place": "daemon.yaml:2:13",
        "setting": "leaseTtlMs",
      },
      {
        "message": "is not a setting; did you mean leaseRenewMs?",
        "place": "daemon.yaml:3:1",
        "setting": "leaseRenewMS",
      },
      {
        "message": "must be at least suspectAfterMs (suspectAfterMs is 4000, lostAfterMs is 3000)",
        "place": "daemon.yaml:1:1",
        "setting": "lostAfterMs",
      },
    ]
  `);
});

test("a mistake in an override names the variable or the flag", () => {
  const mistakes = mistakesIn(loadCoordinatorConfig, {
    file: configFile(...coordinator),
    env: { HOLDFAST_COORDINATOR_LISTEN: "nowhere", HOLDFAST_COORDINATOR_LEASE_TLL_MS: "1s", HOLDFAST_OTHER: "x" },
    flags: { "nodeClasses.iot.suspectAfterMs": "2s" },
  });
  expect(mistakes).toMatchInlineSnapshot(`
    [
      {
        "message": "must be host:port, such as "127.0.0.1:7400" or "[::1]:7400"; it is "nowhere"",
        "place": "HOLDFAST_COORDINATOR_LISTEN",
        "setting": "listen",
      },
      {
        "message": "is missing; must be a duration from 10 ms to 3600000 ms: 3s, 500ms, 2m, 24h or a whole number of milliseconds",
        "place": "daemon.yaml:1:1",
        "setting": "nodeClasses.iot.lostAfterMs",
      },
      {
        "message": "is not a setting; did you mean leaseTtlMs?",
        "place": "HOLDFAST_COORDINATOR_LEASE_TLL_MS",
        "setting": "leaseTllMs",
      },
    ]
  `);
});

test("flags outrank the environment, which outranks the file", () => {
  const file = configFile(...coordinator, "leaseTtlMs: 4s", "eventsKept: 200");
  const config = loadCoordinatorConfig({
    file,
    env: { HOLDFAST_COORDINATOR_LEASE_TTL_MS: "5s", HOLDFAST_COORDINATOR_EVENTS_KEPT: "300" },
    flags: { leaseTtlMs: "6s", id: "7" },
  });
  expect(config).toMatchObject({ leaseTtlMs: 6_000, eventsKept: 300, id: "7" });
});

test("settings are checked against each other", () => {
  const file = configFile(...coordinator, "listen: 0.0.0.0:7400", "stepDownMs: 3s", "lostAfterMs: 1s");
  expect(mistakesIn(loadCoordinatorConfig, { file }).map(({ setting }) => setting)).toEqual([
    "stepDownMs",
    "lostAfterMs",
    "listen",
    "advertise",
  ]);
});

test("a level of durability has what it needs", () => {
  const mistakesOf = (...lines: string[]) =>
    mistakesIn(loadCoordinatorConfig, { file: configFile(...coordinator, ...lines) }).map(({ message }) => message);
  const replicas = configFile(...coordinator, "durability: replicas", "redisWaitReplicas: 1");
  expect(loadCoordinatorConfig({ file: replicas, env: {} }).durability).toBe("replicas");
  const journal = configFile(...coordinator, "durability: journal", "journalMaxBytes: 1MiB");
  expect(loadCoordinatorConfig({ file: journal, env: {} }).journalMaxBytes).toBe(1024 * 1024);
  expect(mistakesOf("durability: replicas")).toEqual([
    expect.stringMatching(/must be at least 1 with durability: replicas/),
  ]);
  expect(mistakesOf("durability: disk")).toEqual([expect.stringMatching(/must be store, replicas or journal/)]);
  expect(mistakesOf("journalMaxBytes: 1KiB")).toEqual([expect.stringMatching(/must be at least 1 MiB/)]);
});

test("an exclusive task's times are held to what keeps it from running twice", () => {
  const mistakesOf = (...lines: string[]) =>
    mistakesIn(loadCoordinatorConfig, { file: configFile(...coordinator, ...lines) });
  expect(mistakesOf("exclusiveReassignMs: 26s")).toEqual([
    {
      place: "daemon.yaml:4:22",
      setting: "exclusiveReassignMs",
      message:
        "must be at least 26052 ms, or an exclusive task could run on two nodes at a time; docs/exclusive.md derives it " +
        "(exclusiveReassignMs is 26000, exclusiveLeaseMs is 20000, exclusiveKillMs is 5000, exclusiveEnforcementMs is " +
        "1000, clockRateError is 0.001)",
    },
  ]);
  expect(mistakesOf("exclusiveKillMs: 6s").map(({ setting }) => setting)).toEqual(["exclusiveReassignMs"]);
  expect(mistakesOf("exclusiveLeaseMs: 2s")).toMatchObject([
    { setting: "exclusiveLeaseMs", message: expect.stringMatching(/^must be at least lostAfterMs and three times/) },
  ]);
  const config = loadCoordinatorConfig({
    file: configFile(...coordinator, "exclusiveLeaseMs: 10s", "exclusiveReassignMs: 17s", "redisOverlapMs: 190s"),
  });
  expect(config).toMatchObject({ exclusiveKillMs: 5_000, clockRateError: 0.001, redisOverlapMs: 190_000 });
  expect(countedOverlapMs(config), "by a clock that is fast").toBe(190_381);
  // The stop grace is counted by the node's clock, too.
  const slow = ["exclusiveKillMs: 1h", "clockRateError: 0.1", "exclusiveReassignMs: 4000s"];
  expect(mistakesOf(...slow)[0]).toMatchObject({ message: expect.stringMatching(/^must be at least 4425545 ms/) });
});

test("a file that is not YAML, or missing, is told with its place", () => {
  const file = configFile("number: 1", "number: 2", "tls: {");
  expect(mistakesIn(loadCoordinatorConfig, { file })[0]).toMatchObject({ place: "daemon.yaml:2:1" });
  expect(mistakesIn(loadAgentConfig, { file: join(folder, "absent.yaml") })[0]).toMatchObject({
    place: "absent.yaml",
    message: expect.stringContaining("cannot be read"),
  });
  expect(mistakesIn(loadAgentConfig, { file: configFile("- a") })[0]?.message).toContain("mapping of settings");
});

test("an agent can be configured without a file", () => {
  const config = loadAgentConfig({
    env: {
      HOLDFAST_AGENT_COORDINATORS: "127.0.0.1:7400, [::1]:7401",
      HOLDFAST_AGENT_DATA_DIR: "/var/lib/holdfast",
      HOLDFAST_AGENT_RESERVE__MEMORY_BYTES: "1GiB",
      HOLDFAST_AGENT_LABELS: "{ zone: a }",
    },
  });
  expect(config).toMatchObject({
    coordinators: ["127.0.0.1:7400", "[::1]:7401"],
    dataDir: "/var/lib/holdfast",
    reserve: { cpuMillis: 0, memoryBytes: 1024 ** 3 },
    labels: { zone: "a" },
  });
});

test("labels that YAML takes for numbers are to be quoted", () => {
  const file = configFile("coordinators: [a:1]", "dataDir: d", "labels: { rack: 7 }");
  expect(mistakesIn(loadAgentConfig, { file })).toEqual([
    { place: "daemon.yaml:3:17", setting: "labels.rack", message: expect.stringContaining("quote") },
  ]);
});

test("checks: a name that is none, thresholds the wrong way round and a custom check's mistakes are told", () => {
  const file = configFile(
    "coordinators: [127.0.0.1:7400]",
    "dataDir: data",
    "checks:",
    "  disabled: [dsk-space, telepathy]",
    "  thresholds:",
    "    diskPercent: { degraded: 95, unhealthy: 90 }",
    "    diskPercents: { degraded: 95 }",
    "  custom:",
    "    - { name: raid, argv: [] }",
    "    - { name: raid, argv: [check], intervalMs: 5s, timeoutMs: 10s, timeout: 3 }",
  );
  const told = mistakesIn(loadAgentConfig, { file }).map(
    ({ place, setting, message }) => `${place} ${setting} ${message}`,
  );
  expect(told).toEqual([
    'daemon.yaml:4:14 checks.disabled.0 is no built-in check; did you mean disk-space?; it is "dsk-space"',
    expect.stringMatching(
      /^daemon.yaml:4:25 checks.disabled.1 is no built-in check; known are kernel-oom, .*"telepathy"$/,
    ),
    expect.stringMatching(/^daemon.yaml:6:18 checks.thresholds.diskPercent must have degraded at or below unhealthy; /),
    "daemon.yaml:7:5 checks.thresholds.diskPercents is not a setting; did you mean diskPercent?",
    "daemon.yaml:9:27 checks.custom.0.argv must name a program; it is []",
    "daemon.yaml:10:68 checks.custom.1.timeout is not a setting; did you mean timeoutMs?",
    'daemon.yaml:10:63 checks.custom.1.timeoutMs must be at or below the check\'s intervalMs; it is "10s"',
    expect.stringMatching(/^daemon.yaml:9:5 checks.custom must give each check a name of its own; /),
  ]);
});

test("checks: what is not set has defaults, also within a threshold", () => {
  const file = configFile(
    "coordinators: [127.0.0.1:7400]",
    "dataDir: data",
    "checks:",
    "  thresholds: { diskPercent: { degraded: 80 } }",
    "  custom: [{ name: raid, argv: [check] }]",
  );
  expect(loadAgentConfig({ file, env: {} }).checks).toMatchObject({
    disabled: [],
    thresholds: { diskPercent: { degraded: 80, unhealthy: 97 }, memoryPercent: { degraded: 92, unhealthy: 97 } },
    custom: [{ name: "raid", argv: ["check"], intervalMs: 60_000, timeoutMs: 10_000 }],
  });
});

const agent = ["nodeId: node-1", "coordinators: ['127.0.0.1:7400']", "dataDir: data"];

test.each([
  ["a coordinator", loadCoordinatorConfig, coordinator],
  ["an agent", loadAgentConfig, agent],
] as const)("metrics of %s leave this machine over TLS only", (_who, load, lines) => {
  const listening = (address: string, ...more: string[]) => ({
    file: configFile(...lines, `metricsListen: "${address}"`, ...more),
    env: {},
  });
  expect(load(listening("127.0.0.1:7490"))).toMatchObject({ metricsListen: "127.0.0.1:7490" });
  const tls = "tls: { caFile: ca.pem, certificateFile: own.pem, keyFile: own.key }";
  expect(load(listening("0.0.0.0:7490", tls))).toMatchObject({ metricsListen: "0.0.0.0:7490" });
  const [mistake] = mistakesIn(load, listening("0.0.0.0:7490"));
  expect(mistake).toMatchObject({
    setting: "metricsListen",
    message: expect.stringContaining("reaches beyond this machine without TLS; set tls, or listen on 127.0.0.1"),
  });
  expect(mistakesIn(load, listening("7490"))[0]?.message).toContain("must be host:port");
});
