/**
 * The attempts' folders on a simulated disk, as launcher, supervisor and agent write them. What a supervisor writes is not
 * synced: it matters to the running kernel only. What the agent decides is.
 */
import type { AttemptEnd, AttemptId, Limits } from "@holdfast/agent/core/attempt.ts";
import { keyOf } from "@holdfast/agent/core/attempt.ts";
import type { Ending, FolderState, FoundAttempt } from "@holdfast/agent/core/event.ts";
import type { Machine } from "../machine/machine.ts";

export interface Folder {
  readonly id: AttemptId;
  readonly limits: Limits;
  /** The lease, on the steady clock of the boot; null: it is not exclusive. */
  readonly leaseUntilMs: number | null;
  /** null: it was buried. */
  readonly started: { readonly bootId: string; readonly atMs: number } | null;
  readonly ended: Ending | null;
  /** By a burial, or by the agent for a supervisor that could no longer say it. */
  readonly decided: AttemptEnd | null;
  readonly acknowledged: boolean;
}

const root = "attempts/";

export class AttemptFolders {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  read(id: AttemptId): Folder | undefined {
    return this.#machine.disk.read<Folder>(pathOf(id));
  }

  all(): Folder[] {
    const { disk } = this.#machine;
    return disk.paths(root).map((path) => disk.read<Folder>(path) as Folder);
  }

  /** False when there is one. @throws DiskFull */
  make(folder: Folder, how: "synced" | "unsynced"): boolean {
    if (this.read(folder.id) !== undefined) return false;
    this.#machine.disk.write(pathOf(folder.id), folder, how);
    return true;
  }

  /** @throws DiskFull */
  change(id: AttemptId, change: Partial<Folder>, how: "synced" | "unsynced" | "inPlace"): void {
    const folder = this.read(id);
    if (folder !== undefined) this.#machine.disk.write(pathOf(id), { ...folder, ...change }, how);
  }

  /** @param isSupervised a process of this boot looks after it */
  found(folder: Folder, isSupervised: boolean): FoundAttempt {
    return {
      id: folder.id,
      limits: folder.limits,
      leaseUntilMs: folder.leaseUntilMs,
      folder: this.#stateOf(folder, isSupervised),
    };
  }

  #stateOf({ decided, ended, started }: Folder, isSupervised: boolean): FolderState {
    if (ended !== null) return { kind: "ended", ending: ended };
    if (decided !== null) return { kind: "decided", end: decided };
    if (started === null) return isSupervised ? { kind: "starting" } : { kind: "gone", startedAtMs: 0 };
    if (isSupervised) return { kind: "running", startedAtMs: started.atMs };
    const isThisBoot = started.bootId === this.#machine.bootId;
    return { kind: isThisBoot ? "gone" : "otherBoot", startedAtMs: started.atMs };
  }
}

function pathOf(id: AttemptId): string {
  return `${root}${keyOf(id)}`;
}
