/**
 * Agents never obey a lower epoch: what a node has written down as the highest epoch, or what the same agent process has
 * obeyed before, is a floor for ever. And a higher one is written down before anything is started for it.
 */
import type { HistoryEvent } from "../history.ts";
import { at, Checker } from "./checker.ts";

export class ObeyedEpochs extends Checker {
  readonly name = "agents never obey a lower epoch";
  readonly #persisted = new Map<string, number>();
  readonly #obeyed = new Map<string, number>();

  override observe(event: HistoryEvent): void {
    switch (event.kind) {
      case "epochPersisted":
        return this.#persist(event.nodeId, event.epoch);
      case "processStarted":
        return this.#started(event);
      case "diskLost":
        if (event.what === "everything") this.#persisted.delete(event.machineId);
        return;
      case "obeyed":
        return this.#check(event);
      default:
        return;
    }
  }

  /** Its fence names the highest epoch that the agent had met when it obeyed. */
  #started(event: HistoryEvent<"processStarted">): void {
    const { atMs, nodeId, fence } = event;
    const epoch = Number(fence.split(".")[0]);
    const onDisk = this.#persisted.get(nodeId) ?? 0;
    if (epoch <= onDisk) return;
    const started = `${nodeId} started ${event.taskId}.${event.attempt} ${at(atMs)} with fence ${fence}`;
    this.violated(atMs, `${started}, and has written down ${onDisk || "no epoch"}`);
  }

  #persist(nodeId: string, epoch: number): void {
    this.#persisted.set(nodeId, Math.max(epoch, this.#persisted.get(nodeId) ?? 0));
  }

  #check({ atMs, nodeId, instanceId, epoch, what, attempts }: HistoryEvent<"obeyed">): void {
    const floor = Math.max(this.#persisted.get(nodeId) ?? 0, this.#obeyed.get(instanceId) ?? 0);
    if (epoch < floor) {
      const ids = attempts.map(({ taskId, attempt }) => `${taskId}.${attempt}`).join(", ");
      this.violated(atMs, `${nodeId} obeyed a ${what} of epoch ${epoch} for ${ids} ${at(atMs)}, having met ${floor}`);
    }
    this.#obeyed.set(instanceId, Math.max(epoch, floor));
  }
}
