/** Where a command's output goes: results to standard output, everything else to standard error. */
import { once } from "node:events";
import { type Colours, coloursFor } from "./format/colours.ts";
import { toJson, toJsonLine } from "./format/json.ts";

export class Screen {
  /** Whether results are to be JSON. */
  readonly json: boolean;
  /** For results, and for notes. */
  readonly colours: Colours;
  readonly noteColours: Colours;

  constructor(json: boolean) {
    this.json = json;
    this.colours = coloursFor(process.stdout, process.env);
    this.noteColours = coloursFor(process.stderr, process.env);
  }

  /** A result for people. */
  print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** The one JSON document of a command. */
  document(value: unknown): void {
    this.print(toJson(value));
  }

  /** One JSON document of a stream. */
  line(value: unknown): void {
    this.print(toJsonLine(value));
  }

  /** JSON where that is asked for, else what the function makes for people. */
  show(value: unknown, text: () => string): void {
    if (this.json) this.document(value);
    else this.print(text());
  }

  /** What is no result: progress, warnings, hints. */
  note(text: string): void {
    process.stderr.write(`holdfast: ${text}\n`);
  }
}

/** Writes when the reader is ready, so that a slow one costs no memory. */
export async function writeTo(stream: NodeJS.WriteStream, data: Buffer | string): Promise<void> {
  if (!stream.write(data)) await once(stream, "drain");
}

/** A reader that has gone (`| head`) ends the command quietly. */
export function leaveWhenReaderHasGone(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
      throw error;
    });
}

/** For a command that runs on without a reader: a terminal that was closed must not keep it from stopping in order. */
export function stayWhenReaderHasGone(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners("error");
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    });
  }
}
