/** Debian's prometheus and promtool, for tests that need the real ones. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts } from "@holdfast/cli/up/ports.ts";
import { eventually } from "../harness/waiting.ts";

const isThere =
  spawnSync("promtool", ["--version"]).status === 0 && spawnSync("prometheus", ["--version"]).status === 0;

/** Root gets them by `npm test`: there, that they are missing is no reason to skip. */
export const prometheusIsMissing = !isThere && process.getuid?.() !== 0;

/** @returns what it said @throws Error with what it said when it found a mistake */
export function promtool(
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: string } = {},
): string {
  try {
    return execFileSync("promtool", args, { encoding: "utf8", stdio: "pipe", ...options });
  } catch (error) {
    const { stdout = "", stderr = "", message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`promtool ${args.join(" ")}: ${message}\n${stdout}${stderr}`, { cause: error });
  }
}

export interface Target {
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
  readonly scrapeUrl: string;
}

export class Prometheus implements AsyncDisposable {
  readonly #url: string;
  readonly #logFile: string;
  readonly #end: () => Promise<void>;

  private constructor(url: string, logFile: string, end: () => Promise<void>) {
    this.#url = url;
    this.#logFile = logFile;
    this.#end = end;
  }

  /** @param folder where its data and log go, and where `configFile` is */
  static async start(folder: string, configFile: string): Promise<Prometheus> {
    const [port] = await freePorts(0, 1);
    const address = `127.0.0.1:${port}`;
    const logFile = join(folder, "prometheus.log");
    const log = openSync(logFile, "w");
    const args = [`--config.file=${configFile}`, `--storage.tsdb.path=${join(folder, "data")}`];
    const child = spawn("prometheus", [...args, `--web.listen-address=${address}`], { stdio: ["ignore", log, log] });
    closeSync(log);
    const exited = once(child, "exit");
    const end = async () => {
      child.kill("SIGKILL");
      await exited;
    };
    return new Prometheus(`http://${address}`, logFile, end);
  }

  /** Waits until it scrapes so many targets, all with success. */
  async allUp(count: number): Promise<void> {
    let seen: readonly Target[] = [];
    await eventually(
      `${count} targets of Prometheus that are up`,
      async () => {
        seen = (await this.#get<{ activeTargets: readonly Target[] }>("/api/v1/targets")).activeTargets;
        return seen.length === count && seen.every(({ health }) => health === "up") ? true : undefined;
      },
      { seen: () => `${JSON.stringify(seen)}\n${this.log()}` },
    );
  }

  /** Of the first result of an instant query; null when it has none. */
  async value(query: string): Promise<number | null> {
    const path = `/api/v1/query?query=${encodeURIComponent(query)}`;
    const { result } = await this.#get<{ result: readonly { value: readonly [number, string] }[] }>(path);
    return result[0] === undefined ? null : Number(result[0].value[1]);
  }

  log(): string {
    return readFileSync(this.#logFile, "utf8").split("\n").slice(-15).join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }

  async #get<Data>(path: string): Promise<Data> {
    const response = await fetch(`${this.#url}${path}`, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return ((await response.json()) as { data: Data }).data;
  }
}
