/** The archive in memory, without bounds: for a simulated world, and for tests of what uses one. */
import {
  type ArchivedSeries,
  type ArchivedValue,
  type Resolution,
  resolutions,
  type SeriesArchive,
} from "../archive.ts";

export class MemoryArchive implements SeriesArchive {
  /** By node and resolution, then by step. */
  readonly #steps = new Map<string, Map<number, readonly ArchivedValue[]>>();

  async write(nodeId: string, resolution: Resolution, atMs: number, values: readonly ArchivedValue[]): Promise<void> {
    const key = `${nodeId} ${resolution}`;
    const steps = this.#steps.get(key) ?? new Map<number, readonly ArchivedValue[]>();
    steps.set(Math.floor(atMs / resolutions[resolution].stepMs), values);
    this.#steps.set(key, steps);
  }

  async read(nodeId: string, resolution: Resolution, fromMs: number, toMs: number): Promise<readonly ArchivedSeries[]> {
    const { stepMs } = resolutions[resolution];
    const first = Math.floor(fromMs / stepMs);
    const length = Math.max(0, Math.floor(toMs / stepMs) - first + 1);
    const found = new Map<string, { readonly series: ArchivedSeries; averages: number[]; highest: number[] }>();
    for (let index = 0; index < length; index += 1) {
      for (const value of this.#steps.get(`${nodeId} ${resolution}`)?.get(first + index) ?? []) {
        const key = `${value.metric} ${value.part}`;
        const nothing = () => Array<number>(length).fill(Number.NaN);
        const [averages, highest] = [nothing(), nothing()];
        const { metric, part } = value;
        const one = found.get(key) ?? { series: { metric, part, averages, highest }, averages, highest };
        found.set(key, one);
        one.averages[index] = value.average;
        one.highest[index] = resolution === "hour" ? value.highest : value.average;
      }
    }
    return [...found.values()].map(({ series }) => series);
  }

  close(): void {}
}
