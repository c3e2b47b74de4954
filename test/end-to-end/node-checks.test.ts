/** An operator's own check goes bad and well again: every coordinator shows it, and so does the command. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import { builtInChecks } from "@holdfast/shared/config/check-settings.ts";
import { expect, test } from "vitest";
import { playScenario, scenarioMs } from "../harness/scenario.ts";
import { eventually } from "../harness/waiting.ts";

const entry = fileURLToPath(import.meta.resolve("@holdfast/cli/main.ts"));

async function holdfast(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return output;
}

async function checkOf(client: HoldfastClient, name: string, health: string) {
  return eventually(`${name} ${health}`, async () => {
    const { node } = await client.nodes.get({ nodeId: "node-1" });
    return node?.checks?.find((check) => check.name === name && check.health === health);
  });
}

test("a check of the operator's goes unhealthy and back", { timeout: scenarioMs }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-node-checks-"));
  const verdict = join(folder, "verdict");
  const say = (words: string) => writeFileSync(verdict, words);
  say("echo all disks are fine; exit 0");
  // The clock's service may differ from machine to machine.
  const custom = [{ name: "raid", argv: ["/bin/sh", verdict], intervalMs: 2_000, timeoutMs: 2_000 }];
  const agentSettings = { checks: { disabled: ["clock"], custom } };
  try {
    await playScenario({ coordinators: 2, agents: 1, agentSettings }, async (scene) => {
      const clients = scene.cluster.coordinators.map((one) => scene.clientOf([one]));
      for (const client of clients) await checkOf(client, "custom.raid", "HEALTH_HEALTHY");
      const everything = [...builtInChecks.filter((name) => name !== "clock"), "custom.raid"].sort();
      const told = await eventually("all checks", async () => {
        const { node } = await scene.client.nodes.get({ nodeId: "node-1" });
        return node?.checks?.length === everything.length ? node.checks : undefined;
      });
      expect(told.map(({ name }) => name)).toEqual(everything);

      say("echo disk 3 is dead; exit 2");
      for (const client of clients) {
        const check = await checkOf(client, "custom.raid", "HEALTH_UNHEALTHY");
        expect(check).toMatchObject({
          reason: "disk 3 is dead",
          suggestedAction: expect.stringContaining("run it on the node"),
        });
        expect(check.sinceMs).toBeGreaterThan(Date.now() - scenarioMs);
      }
      const address = ["--address", scene.cluster.coordinators[0]?.plan.address ?? ""];
      expect(await holdfast("nodes", ...address)).toMatch(/^node-1 .* unhealthy .* custom\.raid: disk 3 is dead/m);
      expect(await holdfast("node", "show", "node-1", ...address)).toMatch(
        /^custom\.raid +unhealthy +\S+ +disk 3 is dead +run it on the node/m,
      );

      say("exit 0");
      for (const client of clients) {
        const check = await checkOf(client, "custom.raid", "HEALTH_HEALTHY");
        expect(check.reason ?? "").toBe("");
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
