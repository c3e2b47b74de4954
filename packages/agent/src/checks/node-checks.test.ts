/** All built-in checks on this machine. */
import { systemClock } from "@holdfast/shared/clock.ts";
import { loadAgentConfig } from "@holdfast/shared/config/agent-config.ts";
import { builtInChecks } from "@holdfast/shared/config/check-settings.ts";
import { expect, test } from "vitest";
import { nodeChecks } from "./node-checks.ts";

async function namesWith(flags: Readonly<Record<string, string>>) {
  const { checks: settings } = loadAgentConfig({
    flags: { coordinators: "[127.0.0.1:9]", dataDir: "data", ...flags },
    env: {},
  });
  const checker = nodeChecks({ settings, cgroup: {}, clock: systemClock, onSensorChange: () => {} });
  await checker.lookOnce();
  const states = checker.latest();
  checker.close();
  return states;
}

test("every built-in check says something of this machine, and none has failed", async () => {
  const states = await namesWith({});
  expect(states.map(({ name }) => name)).toEqual([...builtInChecks].sort());
  expect(states.filter(({ reason }) => /check failed|switched itself off/.test(reason))).toEqual([]);
  for (const { health, reason, name } of states) {
    expect(reason === "", `${name} is ${health}: a reason should be there if it is not healthy`).toBe(
      health === "healthy",
    );
  }
});

test("disabled checks are not made, be they alone or share a reading with others", async () => {
  const disabled = ["zombies", "pids", "memory-pressure", "io-pressure"];
  const states = await namesWith({ "checks.disabled": `[${disabled.join(",")}]` });
  const made = states.map(({ name }) => name);
  expect(made).toEqual(builtInChecks.filter((name) => !disabled.includes(name)).sort());
});

test("thresholds come from the configuration", async () => {
  const states = await namesWith({ "checks.thresholds.memoryPercent": "{ degraded: 1, unhealthy: 1 }" });
  expect(states.find(({ name }) => name === "memory")).toMatchObject({
    health: "unhealthy",
    reason: expect.stringMatching(/^[\d.]+ % of \d+ MiB memory is used/),
  });
});
