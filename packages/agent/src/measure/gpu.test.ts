/** The parsers, and the tool as a process: a script of that name on PATH stands for the one that needs a GPU. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findGpus, parseGpuIdentities, parseGpuReadings, readGpus } from "./gpu.ts";
import { NodeMeter } from "./node-meter.ts";

const mebibyte = 1024 * 1024;

describe("what the tool prints", () => {
  test("identities", () =>
    expect(parseGpuIdentities("0, GPU-8f1e, NVIDIA A100-SXM4-40GB, 40960\n1, GPU-22aa, Tesla T4, [N/A]\n")).toEqual([
      { number: 0, uuid: "GPU-8f1e", model: "NVIDIA A100-SXM4-40GB", memoryBytes: 40960 * mebibyte },
      { number: 1, uuid: "GPU-22aa", model: "Tesla T4", memoryBytes: 0 },
    ]));

  test.each([
    ["all known", "0, 37, 1024, 61, 250.18", [0.37, 1024 * mebibyte, 61, 250.18]],
    ["not supported", "0, [Not Supported], [N/A], 61, [Unknown Error]", [-1, -1, 61, -1]],
    ["an error in a column", "0, 5, 10, ERR!, ", [0.05, 10 * mebibyte, -1, -1]],
    ["columns missing", "0, 5", [0.05, -1, -1, -1]],
  ])("readings: %s", (_, line, [used, memoryUsedBytes, temperatureCelsius, powerWatts]) =>
    expect(parseGpuReadings(`${line}\n`)).toEqual([
      { number: 0, used, memoryUsedBytes, temperatureCelsius, powerWatts },
    ]),
  );

  test("lines that are no rows are passed over", () =>
    expect(parseGpuReadings("WARNING: infoROM is corrupted at gpu 0000:3B:00.0\n\nNo devices were found\n")).toEqual(
      [],
    ));
});

describe("the tool", () => {
  const path = process.env["PATH"];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "holdfast-gpu-"));
    process.env["PATH"] = `${folder}${delimiter}${path}`;
  });
  afterEach(() => {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true });
  });

  const install = (body: string): void => {
    writeFileSync(join(folder, "nvidia-smi"), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, "nvidia-smi"), 0o755);
  };

  const twoGpus = `case "$1" in
    --query-gpu=index,uuid,*) printf '0, GPU-a, Tesla T4, 15360\\n1, GPU-b, Tesla T4, 15360\\n' ;;
    --query-gpu=index,util*) printf '0, 50, 100, 40, 33.5\\n1, 0, 1, 30, 9\\n' ;;
  esac`;

  test("not installed: there are no GPUs", async () => {
    process.env["PATH"] = folder;
    expect(await findGpus()).toEqual([]);
  });

  test("installed: finds and reads them", async () => {
    install(twoGpus);
    expect(await findGpus()).toMatchObject([{ number: 0, uuid: "GPU-a" }, { number: 1 }]);
    expect(await readGpus()).toMatchObject([
      { number: 0, used: 0.5, powerWatts: 33.5 },
      { number: 1, used: 0 },
    ]);
  });

  test("a sick driver is an error that carries what the tool said", async () => {
    install(`echo "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."; exit 9`);
    await expect(findGpus()).rejects.toThrow(/nvidia-smi said: NVIDIA-SMI has failed because/);
  });

  test("a tool that hangs is killed at its limit", async () => {
    install("exec tail -f /dev/null");
    await expect(readGpus({ command: "nvidia-smi", timeoutMs: 50 })).rejects.toThrow("gave no answer in 50 ms");
  });

  test("the node meter gives -1 until the first answer, then the readings", async () => {
    install(twoGpus);
    const meter = new NodeMeter({ cgroup: {}, gpuNumbers: [0, 1], gpuEveryMs: 0 });
    expect((await meter.sample()).gpus).toMatchObject([
      { number: 0, used: -1 },
      { number: 1, used: -1 },
    ]);
    await expect
      .poll(async () => (await meter.sample()).gpus)
      .toMatchObject([{ used: 0.5 }, { used: 0, powerWatts: 9 }]);
    meter.close();
  });
});
