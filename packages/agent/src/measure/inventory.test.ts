import { readFileSync } from "node:fs";
import os from "node:os";
import { expect, test } from "vitest";
import { allocatableOf } from "./allocatable.ts";
import { parseOsName, takeInventory, usableCpuMillis } from "./inventory.ts";

const machine = { cpuMillis: 8000, memoryBytes: 1000, gpus: 2 };
const reserved = { cpuMillis: 500, memoryBytes: 100 };

test("allocatable is the machine less the reserve, and its GPUs", () =>
  expect(allocatableOf(machine, { reserved })).toEqual({ cpuMillis: 7500, memoryBytes: 900, counts: { gpu: 2 } }));

test("a machine without GPUs offers no count of them", () =>
  expect(allocatableOf({ ...machine, gpus: 0 }, { reserved }).counts).toEqual({}));

test("the operator's numbers take the place of those found", () =>
  expect(allocatableOf(machine, { reserved, override: { cpuMillis: 16_000 }, counts: { gpu: 1, licence: 5 } })).toEqual(
    { cpuMillis: 16_000, memoryBytes: 900, counts: { gpu: 1, licence: 5 } },
  ));

test("a reserve that leaves nothing is refused, each field by its name", () => {
  expect(() => allocatableOf(machine, { reserved: { cpuMillis: 8000, memoryBytes: 2000 } })).toThrow(
    expect.objectContaining({
      code: "invalidArgument",
      message: "reserved.cpuMillis: 8000 leaves nothing of the 8000 here; reserve less, or set an override",
      fields: [
        expect.objectContaining({ field: "reserved.cpuMillis" }),
        expect.objectContaining({ field: "reserved.memoryBytes" }),
      ],
    }),
  );
});

test.each([
  ["the whole machine", 8, {}, 8000],
  ["allowed on some cores only", 8, { allowedCores: 2 }, 2000],
  ["more cores allowed than there are", 8, { allowedCores: 64 }, 8000],
  ["a quota", 8, { cpu: { limit: 1500, usagePath: "", version: 2 as const } }, 1500],
  ["a quota above the cores", 2, { cpu: { limit: 6000, usagePath: "", version: 2 as const } }, 2000],
])("usable processor: %s", (_, processors, limits, millis) => expect(usableCpuMillis(processors, limits)).toBe(millis));

test.each([
  ['NAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n', "Debian GNU/Linux 12 (bookworm)"],
  ["PRETTY_NAME='Alpine Linux v3.20'\n", "Alpine Linux v3.20"],
  ["PRETTY_NAME=Buildroot\n", "Buildroot"],
  ["NAME=x\n", undefined],
])("the system's name in %j", (text, name) => expect(parseOsName(text)).toBe(name));

test("the inventory of this machine", async () => {
  const problems: string[] = [];
  const { inventory } = await takeInventory({ reserved, onProblem: (problem) => problems.push(problem) });
  expect(problems).toEqual([]);
  expect(inventory).toMatchObject({ hostname: os.hostname(), kernel: os.release(), arch: os.arch() });
  // What libuv makes of the same limits; it rounds a quota down to whole cores.
  expect(Math.floor(inventory.cpuCores)).toBeGreaterThanOrEqual(os.availableParallelism());
  expect(inventory.cpuCores).toBeLessThanOrEqual(os.cpus().length);
  const constrained = process.constrainedMemory();
  const limit = constrained > 0 && constrained < os.totalmem() ? constrained : os.totalmem();
  expect(inventory.memoryBytes).toBe(limit);
  expect(inventory.allocatable).toMatchObject({ memoryBytes: limit - 100 });
  expect(inventory.model, "systeminformation always has some word for the machine").not.toBe("");
  expect(readFileSync("/etc/os-release", "utf8")).toContain(inventory.os);
});

test("a GPU tool that fails is told and left out", async () => {
  const problems: string[] = [];
  const { inventory, gpuNumbers } = await takeInventory({
    reserved,
    gpuTool: { command: "false", timeoutMs: 5000 },
    onProblem: (problem) => problems.push(problem),
  });
  expect(problems).toEqual([expect.stringMatching(/^false .*Command failed/s)]);
  expect([inventory.gpus, gpuNumbers]).toEqual([[], []]);
});
