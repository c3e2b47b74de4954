import { expect, test } from "vitest";
import { initialState } from "../core/state.ts";
import { agentExposition } from "./agent-exposition.ts";
import { LastSample } from "./last-sample.ts";

const sessions = [{ address: "127.0.0.1:7400", isWelcomed: true, roundTripMs: 2 }];
const agent = { state: initialState("instance"), sessions };

const check = { reason: "", suggestedAction: "", sinceMs: 0, checkedAtMs: 0 };
const checks = {
  latest: () => [
    { ...check, name: "pids", health: "healthy" as const },
    { ...check, name: "custom.raid", health: "unhealthy" as const },
  ],
};

async function scrape(metrics: Awaited<ReturnType<LastSample["take"]>>): Promise<string[]> {
  const lastSample = new LastSample(async () => metrics);
  await lastSample.refresh();
  const sensorsOff = new Set(["gpus"]);
  const node = { nodeId: "node-1", nodeClass: "iot" };
  const { exposition } = agentExposition({ ...node, agent, lastSample, sensorsOff, checks });
  return (await exposition.text()).split("\n").filter((line) => line.startsWith("holdfast_"));
}

test("10,000 mounts, interfaces and GPUs of a machine make no 10,000 series", async () => {
  const numbers = Array.from({ length: 10_000 }, (_, index) => index);
  const few = await scrape({});
  const many = await scrape({
    disks: numbers.map((number) => ({
      mount: `/mnt/${number}`,
      device: `/dev/d${number}`,
      totalBytes: 1,
      usedBytes: 1,
    })),
    interfaces: numbers.map((number) => ({ name: `veth${number}`, receivedBytes: 1, sentBytes: 1 })),
    gpus: numbers.map((number) => ({ number, used: 0.5 })),
  });
  expect(few.length).toBeLessThan(30);
  expect(many.filter((line) => line.startsWith("holdfast_node_disk_size_bytes"))).toHaveLength(64);
  expect(many.length).toBeLessThan(64 * 16 + 50);
});

test("what was not measured is left out", async () => {
  const lines = await scrape({
    cpuUsed: -1,
    load1: 0.5,
    disks: [{ mount: "/", device: "/dev/vda", usedBytes: -1, totalBytes: 9 }],
  });
  expect(lines.filter((line) => line.includes("cpu_used_ratio") || line.includes("disk_used_bytes"))).toEqual([]);
  expect(lines).toContain("holdfast_node_load1 0.5");
  expect(lines).toContain('holdfast_node_disk_size_bytes{mount="/",device="/dev/vda"} 9');
});

test("sessions and sensors are told in the configuration's and our own words", async () => {
  const lines = await scrape({});
  expect(lines).toContain('holdfast_agent_session_up{coordinator="127.0.0.1:7400"} 1');
  expect(lines).toContain('holdfast_agent_session_round_trip_seconds{coordinator="127.0.0.1:7400"} 0.002');
  expect(lines).toContain('holdfast_agent_sensor_off{sensor="gpus"} 1');
  expect(lines.filter((line) => line.startsWith("holdfast_node_check_state"))).toEqual([
    'holdfast_node_check_state{check="pids",state="healthy"} 1',
    'holdfast_node_check_state{check="custom.raid",state="unhealthy"} 1',
  ]);
  expect(lines).toContain('holdfast_agent_info{node="node-1",node_class="iot"} 1');
});
