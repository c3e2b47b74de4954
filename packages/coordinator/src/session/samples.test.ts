import { expect, test } from "vitest";
import type { NodeInventory } from "../core/record.ts";
import { samplesFrom } from "./samples.ts";

const inventory = {
  swapBytes: 1_000,
  gpus: [{ number: 1, uuid: "", model: "", memoryBytes: 80 }],
} as unknown as NodeInventory;

function told(samples: ReturnType<typeof samplesFrom>): Record<string, number> {
  return Object.fromEntries(samples.map(({ metric, part, value }) => [`${metric} ${part}`.trim(), value]));
}

test("metrics become shares of the whole, rates and counts, each with the part that it is of", () => {
  const samples = samplesFrom(
    {
      cpuUsed: 0.25,
      memoryUsedBytes: 300,
      memoryAvailableBytes: 700,
      swapUsedBytes: 100,
      load1: 1.5,
      disks: [
        { mount: "/", device: "sda1", totalBytes: 200, usedBytes: 50, inodesTotal: 10, inodesUsed: 1, busy: 0.1 },
      ],
      interfaces: [{ name: "eth0", receivedBytes: 7, sentBytes: 8, errors: 0, drops: 0 }],
      gpus: [{ number: 1, used: 0.5, memoryUsedBytes: 20, temperatureCelsius: 60, powerWatts: 100 }],
      roundTrips: [{ coordinator: "c1", milliseconds: 2 }],
      processes: 3,
      agentResidentBytes: 9,
    },
    inventory,
  );
  expect(told(samples)).toMatchObject({
    cpu_used: 0.25,
    memory_used: 0.3,
    swap_used: 0.1,
    load1: 1.5,
    "disk_used /": 0.25,
    "inodes_used /": 0.1,
    "disk_busy /": 0.1,
    "network_received_bytes eth0": 7,
    "network_errors eth0": 0,
    "gpu_used 1": 0.5,
    "gpu_memory_used 1": 0.25,
    "round_trip_ms c1": 2,
    processes: 3,
  });
});

test("what was not measured, or is no number, is left out", () => {
  const samples = samplesFrom(
    {
      cpuUsed: -1,
      memoryUsedBytes: -1,
      load1: Number.NaN,
      swapUsedBytes: 5,
      pressureCpu: -1,
      pressureMemory: -1,
      pressureIo: -1,
      processes: -1,
      agentResidentBytes: -1,
      disks: [
        { mount: "/", totalBytes: -1, usedBytes: -1, busy: Number.POSITIVE_INFINITY, readBytes: -1, writtenBytes: -1 },
      ],
    },
    { ...inventory, swapBytes: 0 },
  );
  expect(told(samples)).toEqual({});
});

test("what is absent on the wire is 0", () => {
  expect(told(samplesFrom({ memoryAvailableBytes: 10, interfaces: [{ name: "eth0" }] }, inventory))).toMatchObject({
    cpu_used: 0,
    memory_used: 0,
    swap_used: 0,
    "network_drops eth0": 0,
  });
});

test("names and their number are bounded", () => {
  const interfaces = Array.from({ length: 10_000 }, (_, index) => ({ name: `${index}-`.repeat(200), drops: index }));
  const samples = samplesFrom({ interfaces }, inventory);
  expect(samples.length).toBeLessThanOrEqual(64 * 4 + 9);
  expect(Math.max(...samples.map(({ part }) => part.length))).toBe(128);
});
