/** Tells what happens, each line with the seconds since the beginning, above a bar where the output is a terminal. */
import { SingleBar } from "cli-progress";
import type { Colours } from "../format/colours.ts";

const timeWidth = 7;
const sinceWidth = 10;
const indent = " ".repeat(timeWidth + sinceWidth + 4);

export class Narrator {
  readonly colours: Colours;
  readonly #stream: NodeJS.WriteStream;
  #startedAtMs = Date.now();
  #bar: SingleBar | null = null;
  #tasks = 0;
  #ended = 0;

  constructor(stream: NodeJS.WriteStream, colours: Colours) {
    this.colours = colours;
    this.#stream = stream;
  }

  /** A line without a time. */
  say(text: string): void {
    this.#bar?.stop();
    this.#stream.write(`${text}\n`);
    this.#bar?.start(this.#tasks, this.#ended);
  }

  /** Counts the seconds from now on. */
  begin(tasks: number): void {
    this.#startedAtMs = Date.now();
    this.#tasks = tasks;
    this.#ended = 0;
    this.say(this.colours.dim(`${"time".padStart(timeWidth)}  ${"since kill".padStart(sinceWidth)}`));
    if (this.#stream.isTTY !== true) return;
    this.#bar = new SingleBar({
      format: `${indent}{bar} {value} of {total} ended`,
      barCompleteChar: "█",
      barIncompleteChar: "░",
      barsize: 36,
      hideCursor: true,
      clearOnComplete: true,
      stream: this.#stream,
    });
    this.#bar.start(tasks, 0);
  }

  /** @param atMs Unix time of what happened; now when left out */
  tell(text: string, atMs = Date.now()): void {
    this.#line(atMs, "", text);
  }

  /** What follows from a kill, with the time that it took. */
  tellConsequence(text: string, killedAtMs: number, atMs = Date.now()): void {
    this.#line(atMs, `+${((atMs - killedAtMs) / 1_000).toFixed(2)} s`, text);
  }

  ended(tasks: number): void {
    this.#ended = tasks;
    this.#bar?.update(tasks);
  }

  /** Takes the bar away. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = null;
  }

  #line(atMs: number, since: string, text: string): void {
    const time = `${(Math.max(0, atMs - this.#startedAtMs) / 1_000).toFixed(1)} s`;
    this.say(`${this.colours.dim(`${time.padStart(timeWidth)}  ${since.padStart(sinceWidth)}`)}  ${text}`);
  }
}
