/** A task's output where it belongs: standard output to standard output, standard error to standard error. */
import type { Attempt, Task, TaskLogsResponse } from "@holdfast/shared/client/messages.ts";
import type { HoldfastError } from "@holdfast/shared/errors.ts";
import { toJsonLine } from "../format/json.ts";
import { printable } from "../format/printable.ts";
import { formatBytes } from "../format/quantity.ts";
import { stateWord } from "../format/state.ts";
import { type Screen, writeTo } from "../screen.ts";
import type { FollowSink } from "./follow-task.ts";

export class OutputPrinter implements FollowSink {
  readonly #screen: Screen;
  #reported = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  async output(piece: TaskLogsResponse): Promise<void> {
    if (this.#screen.json) return writeTo(process.stdout, `${toJsonLine(jsonOf(piece))}\n`);
    const { attempt = 0, skippedBytes = 0, data = Buffer.alloc(0) } = piece;
    if (piece.source === "SOURCE_REPORT" && this.#reported !== attempt) {
      this.#reported = attempt;
      this.#screen.note(
        `the node of attempt ${attempt} cannot be asked; this is the end of its output, from its last report`,
      );
    }
    if (skippedBytes > 0)
      this.#screen.note(`${formatBytes(skippedBytes)} of output were dropped here, by the output limit`);
    await writeTo(piece.stream === "STREAM_STDERR" ? process.stderr : process.stdout, data);
  }

  outputFailed(attempt: number, error: HoldfastError): void {
    this.#screen.note(`the output of attempt ${attempt} cannot be read: ${printable(error.message)}`);
  }

  /** The first attempt is what everybody expects, and is not worth a line. */
  attempt(attempt: Attempt, before: Attempt | undefined): void {
    const { number = 1, nodeId = "?" } = attempt;
    if (this.#screen.json) this.#screen.line({ type: "attempt", attempt: number, nodeId });
    else if (before !== undefined)
      this.#screen.note(`attempt ${number} on ${nodeId}, since attempt ${number - 1} ${fate(before)}`);
  }

  changed(task: Task): void {
    if (this.#screen.json) this.#screen.line({ type: "state", state: task.state, reason: task.reason });
  }
}

function fate({ state, reason, nodeId = "?" }: Attempt): string {
  return `on ${nodeId} ended as ${stateWord(state)}${reason ? ` (${printable(reason)})` : ""}`;
}

/** Output that is valid UTF-8 as text, other output as base64. */
function jsonOf({
  data = Buffer.alloc(0),
  stream,
  attempt,
  writtenAtMs,
  skippedBytes,
  source,
}: TaskLogsResponse): object {
  const text = data.toString("utf8");
  const content = Buffer.from(text, "utf8").equals(data) ? { text } : { data };
  const name = stream === "STREAM_STDERR" ? "stderr" : "stdout";
  return {
    type: "output",
    stream: name,
    attempt,
    writtenAtMs,
    source,
    ...(skippedBytes ? { skippedBytes } : {}),
    ...content,
  };
}
