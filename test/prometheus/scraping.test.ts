/** A real Prometheus scrapes real daemons, and what it stores tells what happened to the cluster. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunningCluster } from "@holdfast/cli/up/running-cluster.ts";
import { Exposition } from "@holdfast/shared/exposition/exposition.ts";
import { serveMetrics } from "@holdfast/shared/exposition/metrics-server.ts";
import { exposeProcess } from "@holdfast/shared/exposition/process-metrics.ts";
import { makeTestAuthority, makeTestCertificate } from "@holdfast/shared/testing/certificates.ts";
import { expect, test } from "vitest";
import { playScenario, scenarioMs } from "../harness/scenario.ts";
import { eventually } from "../harness/waiting.ts";
import { describedMetrics } from "./described.ts";
import { Prometheus, prometheusIsMissing, promtool } from "./prometheus-process.ts";

const deployed = fileURLToPath(new URL("../../deploy/prometheus", import.meta.url));

async function inFolder(story: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-prometheus-"));
  try {
    await story(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A deployed configuration with something in it replaced. @returns its path */
function configured(folder: string, name: string, replacements: Readonly<Record<string, string>>): string {
  cpSync(deployed, folder, { recursive: true });
  let text = readFileSync(join(folder, name), "utf8").replaceAll(
    /(scrape|refresh|evaluation)_interval: \d+s/g,
    "$1_interval: 1s",
  );
  for (const [from, to] of Object.entries(replacements)) {
    expect(text, `${name} has what the test replaces`).toContain(from);
    text = text.replaceAll(from, to);
  }
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function scrape(address: string | undefined): Promise<string> {
  const response = await fetch(`http://${address}/metrics`);
  return response.text();
}

function namesIn(text: string): Set<string> {
  return new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name as string));
}

test.skipIf(prometheusIsMissing)(
  "every daemon of a cluster is scraped, and tells what it did",
  { timeout: scenarioMs },
  () =>
    inFolder((folder) =>
      playScenario({ agents: 2, metrics: true }, async (scene) => {
        const { cluster, traces } = scene;
        const targets = dirname(cluster.layout.agentTargetsFile);
        const config = configured(folder, "loopback.yml", { "../../.holdfast": targets });
        await using prometheus = await Prometheus.start(folder, config);
        await prometheus.allUp(cluster.coordinators.length + cluster.agents.length);
        await checkExposition(cluster);
        await expectValue(prometheus, "sum(holdfast_coordinator_leads)", 1);

        const ids = await scene.submitMany(4, traces.gated());
        const runs = await traces.eachHas("a run of each task", ids);
        await expectValue(prometheus, "sum(holdfast_tasks_accepted_total)", ids.length);
        await expectValue(prometheus, "sum(holdfast_task_queue_duration_seconds_count)", ids.length);
        const { member: leader, epoch } = await scene.leader();
        await leader.kill();
        await scene.nextLeader(epoch);
        await expectAtLeast(prometheus, "sum(holdfast_failover_duration_seconds_count)", 1);

        const victim = cluster.agent(runs[0]?.nodeId ?? "");
        const hit = runs.filter(({ nodeId }) => nodeId === victim.id).length;
        await victim.killNode();
        await expectAtLeast(prometheus, "sum(holdfast_nodes_lost_total)", 1);
        await expectAtLeast(prometheus, "sum(holdfast_node_detection_duration_seconds_count)", 1);
        await expectAtLeast(prometheus, "sum(holdfast_task_reassignment_duration_seconds_count)", hit);
        traces.openGate();
        await scene.ends(ids);
        await expectValue(prometheus, 'sum(holdfast_tasks_ended_total{state="succeeded"})', ids.length);
      }),
    ),
);

/** What is exposed is what is described, in the form that Prometheus' own tool asks for. */
async function checkExposition(cluster: RunningCluster): Promise<void> {
  const coordinator = await scrape(cluster.coordinators[0]?.plan.metricsAddress);
  const agent = await scrape(cluster.agents[0]?.plan.metricsAddress);
  for (const text of [coordinator, agent]) promtool(["check", "metrics"], { input: text });
  const described = describedMetrics();
  for (const { name, shownBy } of described) {
    if (shownBy !== "agent") expect(namesIn(coordinator), "what a coordinator exposes").toContain(name);
    if (shownBy !== "coordinator") expect(namesIn(agent), "what an agent exposes").toContain(name);
  }
  expect(new Set([...namesIn(coordinator), ...namesIn(agent)]).size).toBe(described.length);
}

function expectValue(prometheus: Prometheus, query: string, expected: number): Promise<void> {
  return expectThat(prometheus, query, `== ${expected}`, (value) => value === expected);
}

/** A busy machine may cost one more leadership or node than the test does. */
function expectAtLeast(prometheus: Prometheus, query: string, least: number): Promise<void> {
  return expectThat(prometheus, query, `>= ${least}`, (value) => value >= least);
}

async function expectThat(
  prometheus: Prometheus,
  query: string,
  what: string,
  holds: (value: number) => boolean,
): Promise<void> {
  let seen: number | null = null;
  await eventually(
    `${query} ${what} in Prometheus`,
    async () => {
      seen = await prometheus.value(query);
      return seen !== null && holds(seen) ? true : undefined;
    },
    { seen: () => String(seen) },
  );
}

test.skipIf(prometheusIsMissing)(
  "with the cluster's certificates it scrapes beyond loopback",
  { timeout: scenarioMs },
  () =>
    inFolder(async (folder) => {
      const exposition = new Exposition();
      exposeProcess(exposition, "agent");
      const tls = makeTestCertificate(folder, "daemon", makeTestAuthority(folder, "authority"));
      const { contentType } = exposition;
      const failed = (error: unknown) => expect.unreachable(`no scrape should fail: ${error}`);
      const server = await serveMetrics({
        listen: "0.0.0.0:0",
        tls,
        contentType,
        text: () => exposition.text(),
        failed,
      });
      try {
        const client = makeTestCertificate(folder, "prometheus", "authority");
        const targets = ["coordinator-1", "coordinator-2", "coordinator-3"].map((name) => [
          `${name}.example.net:7490`,
          name,
        ]);
        const nodes = ["node-1", "node-2"].map((name) => [`${name}.example.net:7491`, name]);
        const config = configured(folder, "prometheus.yml", {
          ...Object.fromEntries([...targets, ...nodes].map(([from]) => [from, `127.0.0.1:${server.port}`])),
          "tls/ca.pem": client.caFile,
          "tls/prometheus.pem": client.certificateFile,
          "tls/prometheus.key": client.keyFile,
        });
        await using prometheus = await Prometheus.start(folder, config);
        await prometheus.allUp(targets.length + nodes.length);
        await expectValue(prometheus, "count(holdfast_build_info)", targets.length + nodes.length);
      } finally {
        await server.close();
      }
    }),
);
