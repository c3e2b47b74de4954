/** What `deploy/` gives to Prometheus and Grafana is sound, and speaks of metrics that there are. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeTestAuthority, makeTestCertificate } from "@holdfast/shared/testing/certificates.ts";
import { expect, test } from "vitest";
import { describedMetrics, seriesNames } from "./described.ts";
import { prometheusIsMissing, promtool } from "./prometheus-process.ts";

const deploy = fileURLToPath(new URL("../../deploy", import.meta.url));
const rules = join(deploy, "prometheus", "holdfast.rules.yml");

test.skipIf(prometheusIsMissing)("the alerting rules are sound, and their tests pass", () => {
  promtool(["check", "rules", "--lint-fatal", rules]);
  expect(promtool(["test", "rules", "holdfast.rules.test.yml"], { cwd: join(deploy, "prometheus") })).toContain(
    "SUCCESS",
  );
});

test("every alert has a test in which it fires", () => {
  const alerts = [...readFileSync(rules, "utf8").matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  const tests = readFileSync(join(deploy, "prometheus", "holdfast.rules.test.yml"), "utf8");
  const fired = new Set([...tests.matchAll(/alertname: (\w+)\n +exp_alerts:\n/g)].map(([, name]) => name));
  expect(alerts.length).toBeGreaterThan(10);
  expect(alerts.filter((name) => !fired.has(name))).toEqual([]);
});

test.skipIf(prometheusIsMissing)("the scrape configurations are sound", () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-deploy-"));
  try {
    cpSync(join(deploy, "prometheus"), folder, { recursive: true });
    const tls = join(folder, "tls");
    mkdirSync(tls);
    makeTestCertificate(tls, "prometheus", makeTestAuthority(tls, "ca"));
    for (const file of ["prometheus.yml", "loopback.yml"]) promtool(["check", "config", join(folder, file)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(["prometheus/holdfast.rules.yml", "grafana/holdfast-cluster.json", "grafana/holdfast-node.json"])(
  "%s names only metrics that the daemons expose",
  (file) => {
    const named = new Set(readFileSync(join(deploy, file), "utf8").match(/\b(holdfast|process)_[a-z0-9_]+/g));
    const exposed = new Set(describedMetrics().flatMap((metric) => [metric.name, ...seriesNames(metric)]));
    expect(named.size).toBeGreaterThan(5);
    expect([...named].filter((name) => !exposed.has(name))).toEqual([]);
  },
);
