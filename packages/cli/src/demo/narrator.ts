/** Tells what happens, each line with the seconds since the beginning, above a bar where the output is a terminal. */
import { MultiBar, type SingleBar } from "cli-progress";
import type { Colours } from "../format/colours.ts";

export class Narrator {
  readonly colours: Colours;
  readonly #stream: NodeJS.WriteStream;
  #startedAtMs = Date.now();
  #bars: { readonly all: MultiBar; readonly ended: SingleBar } | null = null;

  constructor(stream: NodeJS.WriteStream, colours: Colours) {
    this.#stream = stream;
    this.colours = colours;
  }

  /** A line without a time. */
  say(text: string): void {
    if (this.#bars === null) {
      this.#stream.write(`${text}\n`);
      return;
    }
    this.#bars.all.log(`${text}\n`);
    this.#bars.all.update();
  }

  /** Counts the seconds from now on. */
  begin(tasks: number): void {
    this.#startedAtMs = Date.now();
    if (this.#stream.isTTY !== true) return;
    const all = new MultiBar({
      format: `${" ".repeat(9)}{bar} {value} of {total} ended`,
      barCompleteChar: "█",
      barIncompleteChar: "░",
      barsize: 40,
      hideCursor: true,
      clearOnComplete: true,
      stream: this.#stream,
    });
    this.#bars = { all, ended: all.create(tasks, 0) };
  }

  /** @param atMs Unix time of what happened; now when left out */
  tell(text: string, atMs = Date.now()): void {
    const seconds = (Math.max(0, atMs - this.#startedAtMs) / 1_000).toFixed(1);
    this.say(`${this.colours.dim(`${seconds.padStart(5)} s`)}  ${text}`);
  }

  /** What follows from a kill: set in, with the time that it took. */
  tellConsequence(text: string, killedAtMs: number, atMs = Date.now()): void {
    const took = `${((atMs - killedAtMs) / 1_000).toFixed(2)} s after the kill`;
    this.tell(`  ${text} ${this.colours.dim(`(${took})`)}`, atMs);
  }

  ended(tasks: number): void {
    this.#bars?.ended.update(tasks);
  }

  /** Takes the bar away. */
  stop(): void {
    this.#bars?.all.stop();
    this.#bars = null;
  }
}
