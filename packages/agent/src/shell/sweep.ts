/** Ends what an attempt has left whose supervisor is gone. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentLog } from "../log.ts";
import { readRecord } from "../process/attempt-folder.ts";
import type { AttemptCgroups } from "../process/cgroup.ts";
import { killLeftovers } from "../process/leftovers.ts";
import { isHeldForWriting } from "../process/supervisor-process.ts";
import { marksOfStoredOrder } from "./stored-order.ts";

export interface SweepOptions {
  readonly key: string;
  readonly nodeId: string;
  /** Of the attempt. */
  readonly folder: string;
  /** null: it has none. */
  readonly cgroups: AttemptCgroups | null;
  /** Not to be gone on with. */
  readonly isGivenUp: () => boolean;
  readonly log: AgentLog;
}

/** In which what was killed goes. */
const roundMs = 50;
const roundsBetweenWarnings = 200;

/** Kills until nothing of the attempt lives. @returns false when it was given up before that */
export async function sweep({ key, nodeId, folder, cgroups, isGivenUp, log }: SweepOptions): Promise<boolean> {
  for (let round = 0; !isGivenUp(); round++) {
    try {
      const { order, started } = await readRecord(folder);
      const inCgroup = (await cgroups?.kill(key)) ?? 0;
      const processes = inCgroup + killLeftovers(started, marksOfStoredOrder(order, nodeId));
      // A warden that is still at it knows better: it holds the record until nothing is left.
      if (processes === 0 && !isHeldForWriting(join(folder, "record"))) return true;
      if (round % roundsBetweenWarnings === 0) log.warn({ key, processes }, "killing what a dead supervisor has left");
    } catch (error) {
      log.error({ err: error, key }, "cannot kill what a dead supervisor has left; trying again");
    }
    await sleep(roundMs);
  }
  return false;
}
