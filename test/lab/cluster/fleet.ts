/** Many simulated agents on one host of a lab, each with a session of its own with every coordinator. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { TlsFiles } from "@holdfast/shared/tls.ts";
import type { FleetCounters, FleetSettings, FromFleet, ToFleet } from "../../../bench/simulation/fleet-messages.ts";
import type { HostPlace } from "../network/network.ts";

const script = fileURLToPath(new URL("../../../bench/simulated-agents.ts", import.meta.url));
const readyWithinMs = 60_000;
const answerWithinMs = 20_000;

export interface FleetOptions {
  readonly agents: number;
  readonly addresses: readonly string[];
  readonly tls: TlsFiles;
}

/** It is killed with its host. */
export class LabFleet {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Resolves when every agent has a session with every coordinator. */
  static async start(host: HostPlace, options: FleetOptions): Promise<LabFleet> {
    const settings: FleetSettings = {
      ...{ connectsPerS: 60, beatIntervalMs: 1_000, metricsIntervalMs: 5_000, slots: 0, taskMs: 0 },
      ...options,
    };
    const command = [process.execPath, script, JSON.stringify(settings)];
    const child = spawn("nsenter", [`--net=/run/netns/${host.namespace}`, "--", ...command], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      detached: true,
    });
    const fleet = new LabFleet(child);
    await fleet.#next("ready", readyWithinMs);
    return fleet;
  }

  async counters(): Promise<FleetCounters> {
    const answer = this.#next("counters", answerWithinMs);
    this.#process.send({ kind: "counters" } satisfies ToFleet);
    return (await answer).counters;
  }

  async #next<Kind extends FromFleet["kind"]>(
    kind: Kind,
    withinMs: number,
  ): Promise<Extract<FromFleet, { kind: Kind }>> {
    const late = AbortSignal.timeout(withinMs);
    for (;;) {
      const [message] = (await once(this.#process, "message", { signal: late })) as [FromFleet];
      if (message.kind === kind) return message as Extract<FromFleet, { kind: Kind }>;
    }
  }
}
