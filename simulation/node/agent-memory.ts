/** What a simulated agent remembers through its own restarts: on its machine's disk, tried again while that is full. */
import type { AgentRecord } from "@holdfast/agent/core/record.ts";
import type { AgentMemory } from "@holdfast/agent/shell/host.ts";
import type { History } from "../history.ts";
import { DiskFull } from "../machine/simulated-disk.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import type { AttemptFolders } from "./attempt-folders.ts";

const path = "agent-state";
const writeMs = 1;
const retryMs = 1_000;

export function agentMemory(
  nodeId: string,
  process: SimulatedProcess,
  folders: AttemptFolders,
  history: History,
): AgentMemory {
  const { disk } = process.machine;
  const surely = async (write: () => void) => {
    for (;;) {
      await process.sleep(writeMs);
      try {
        return write();
      } catch (error) {
        if (!(error instanceof DiskFull)) throw error;
        await process.sleep(retryMs);
      }
    }
  };
  const write = async (record: AgentRecord) => {
    switch (record.kind) {
      case "highestEpoch": {
        const { epoch } = record;
        await surely(() => disk.write(path, epoch, "synced"));
        return history.record({ kind: "epochPersisted", nodeId, epoch });
      }
      case "decided":
        return surely(() => folders.change(record.id, { decided: record.end }, "synced"));
      case "acknowledged":
        // Nobody waits for it.
        process.after(writeMs, () => {
          if (!disk.isFull) folders.change(record.id, { acknowledged: true }, "unsynced");
        });
    }
  };
  return {
    async highestEpoch() {
      await process.sleep(writeMs);
      return disk.read<number>(path) ?? 0;
    },
    async write(records) {
      for (const record of records) await write(record);
    },
  };
}
