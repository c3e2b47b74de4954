/** What each node's processors did lately, for the charts of `holdfast top`. */
const kept = 60;

export class CpuHistory {
  readonly #byNode = new Map<string, { readonly values: number[]; measuredAtMs: number }>();

  has(nodeId: string): boolean {
    return this.#byNode.has(nodeId);
  }

  /** What was measured before anybody looked, oldest first. */
  begin(nodeId: string, values: readonly number[]): void {
    const measuredAtMs = this.#byNode.get(nodeId)?.measuredAtMs ?? 0;
    this.#byNode.set(nodeId, { values: values.slice(-kept), measuredAtMs });
  }

  /** Takes each measurement once, however often it is told. */
  add(nodeId: string, measuredAtMs: number, cpuUsed: number): void {
    const history = this.#byNode.get(nodeId);
    if (history === undefined || history.measuredAtMs === measuredAtMs) return;
    // The one that was newest when this history began is the last of its values.
    if (history.measuredAtMs > 0) history.values.push(cpuUsed < 0 ? Number.NaN : cpuUsed);
    history.measuredAtMs = measuredAtMs;
    if (history.values.length > kept) history.values.shift();
  }

  forget(nodeId: string): void {
    this.#byNode.delete(nodeId);
  }

  /** Oldest first; NaN where nothing was measured. */
  of(nodeId: string): readonly number[] {
    return this.#byNode.get(nodeId)?.values ?? [];
  }
}
