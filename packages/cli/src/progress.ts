/** A bar on the terminal's standard error; nothing where that is not a terminal. */
import { SingleBar } from "cli-progress";

export interface ProgressBar {
  update(done: number, note?: string): void;
  stop(): void;
}

const none: ProgressBar = { update: () => {}, stop: () => {} };

/** @param title what the numbers are: "submitted", "ended" */
export function progressBar(title: string, total: number, quiet: boolean): ProgressBar {
  if (quiet || process.stderr.isTTY !== true) return none;
  const bar = new SingleBar({
    format: `${title} {bar} {value}/{total} {note}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(total, 0, { note: "" });
  return { update: (done, note = "") => bar.update(done, { note }), stop: () => bar.stop() };
}
