/** Queues and memory are bounded: nothing that the world has looked at was larger than it may become. */
import type { HistoryEvent } from "../history.ts";
import { at, Checker } from "./checker.ts";

export class BoundedSizes extends Checker {
  readonly name = "queues and memory are bounded";

  override observe(event: HistoryEvent): void {
    if (event.kind !== "measured" || event.size <= event.bound) return;
    const { atMs, owner, what, size, bound } = event;
    this.violated(atMs, `${what} of ${owner}: ${size} ${at(atMs)}, where ${bound} is the most`);
  }
}
