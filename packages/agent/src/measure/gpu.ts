/** NVIDIA GPUs, through `nvidia-smi`: which there are, and how they do. Each question is a process of its own. */
import { execFile } from "node:child_process";

export interface GpuIdentity {
  /** The driver's index, by which CUDA_VISIBLE_DEVICES names it under CUDA_DEVICE_ORDER=PCI_BUS_ID. */
  readonly number: number;
  readonly uuid: string;
  readonly model: string;
  readonly memoryBytes: number;
}

/** -1 for what this GPU does not tell. */
export interface GpuReading {
  readonly number: number;
  /** Fraction of the last moments in which it computed. */
  readonly used: number;
  readonly memoryUsedBytes: number;
  readonly temperatureCelsius: number;
  readonly powerWatts: number;
}

export interface GpuTool {
  /** A path, or a name to be found on PATH. */
  readonly command: string;
  readonly timeoutMs: number;
}

/** The first call may have to wake the driver, which takes seconds. */
export const defaultGpuTool: GpuTool = { command: "nvidia-smi", timeoutMs: 10_000 };

const mebibyte = 1024 * 1024;

/** Empty where the tool is not installed; throws when it is there but fails, as it does when the driver is sick. */
export async function findGpus(tool: GpuTool = defaultGpuTool): Promise<GpuIdentity[]> {
  try {
    return parseGpuIdentities(await query(tool, "index,uuid,name,memory.total"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Throws when the tool fails or does not answer in time. */
export async function readGpus(tool: GpuTool = defaultGpuTool): Promise<GpuReading[]> {
  return parseGpuReadings(await query(tool, "index,utilization.gpu,memory.used,temperature.gpu,power.draw"));
}

/** What is said of a GPU that is known to be there while nothing is known of it. */
export function unreadGpu(number: number): GpuReading {
  return { number, used: -1, memoryUsedBytes: -1, temperatureCelsius: -1, powerWatts: -1 };
}

export function parseGpuIdentities(csv: string): GpuIdentity[] {
  return rowsOf(csv).map(({ number, columns: [uuid = "", model = "", memory] }) => ({
    number,
    uuid,
    model,
    memoryBytes: Math.max(0, measured(memory, mebibyte)),
  }));
}

export function parseGpuReadings(csv: string): GpuReading[] {
  return rowsOf(csv).map(({ number, columns: [used, memory, temperature, power] }) => ({
    number,
    used: measured(used, 1 / 100),
    memoryUsedBytes: measured(memory, mebibyte),
    temperatureCelsius: measured(temperature, 1),
    powerWatts: measured(power, 1),
  }));
}

/** Rows that begin with an index; warnings that the tool prints between them do not. */
function rowsOf(csv: string): { number: number; columns: string[] }[] {
  return csv.split("\n").flatMap((line) => {
    const [index = "", ...columns] = line.split(",").map((column) => column.trim());
    return /^\d+$/.test(index) && columns.length > 0 ? [{ number: Number(index), columns }] : [];
  });
}

/** -1 for `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `ERR!` and a column that is missing. */
function measured(text: string | undefined, unit: number): number {
  const value = Number(text || Number.NaN);
  return Number.isFinite(value) && value >= 0 ? value * unit : -1;
}

function query({ command, timeoutMs }: GpuTool, fields: string): Promise<string> {
  const parameters = [`--query-gpu=${fields}`, "--format=csv,noheader,nounits"];
  return new Promise((resolve, reject) => {
    execFile(command, parameters, { timeout: timeoutMs, killSignal: "SIGKILL" }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const said = (stdout + stderr).trim().slice(0, 300);
      const how = error.killed ? `gave no answer in ${timeoutMs} ms` : said === "" ? error.message : `said: ${said}`;
      reject(Object.assign(new Error(`${command} ${how}`), { code: error.code }));
    });
  });
}
