/** Where one run writes its history, and the verdict on what is there. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkHistory, type Verdict } from "./check-history.ts";
import { lossSilenceMs } from "./hearing-witness.ts";
import { readHearings, readOutcomes, readSubmissions, readTraceLines } from "./records.ts";
import { TraceFolder } from "./traced-task.ts";

export class HistoryFolder {
  readonly traces: TraceFolder;
  readonly submissionsFile: string;
  readonly outcomesFile: string;
  readonly hearingsFile: string;

  private constructor(folder: string) {
    this.traces = new TraceFolder(join(folder, "traces"));
    this.submissionsFile = join(folder, "submissions");
    this.outcomesFile = join(folder, "outcomes");
    this.hearingsFile = join(folder, "hearings");
  }

  /** Nothing has happened yet. */
  static begin(folder: string): HistoryFolder {
    const history = new HistoryFolder(folder);
    history.traces.begin();
    for (const file of [history.submissionsFile, history.outcomesFile, history.hearingsFile]) writeFileSync(file, "");
    return history;
  }

  /** @throws Error when a file is missing, or has a line that nobody writes */
  static judge(folder: string): Verdict {
    const { traces, submissionsFile, outcomesFile, hearingsFile } = new HistoryFolder(folder);
    const read = (file: string) => readFileSync(file, "utf8");
    return checkHistory({
      submissions: readSubmissions(read(submissionsFile)),
      lines: readTraceLines(read(traces.historyFile)),
      outcomes: readOutcomes(read(outcomesFile)),
      hearings: readHearings(read(hearingsFile)),
      silenceMs: lossSilenceMs,
    });
  }
}
