/** The four kinds of line that a lab writes down, and how they are read again. */

/** A submission that a coordinator has acknowledged, as its client noted it. */
export interface Submission {
  readonly request: string;
  readonly taskId: string;
  readonly exclusive: boolean;
}

/** How a task ended, as the cluster told in the end. */
export interface Outcome {
  readonly request: string;
  readonly succeeded: boolean;
  /** Why it did not. */
  readonly reason: string;
}

/** What a task wrote of itself; see `traced-task.ts`. */
export interface TraceLine {
  readonly what: "start" | "alive" | "end" | "overlap";
  readonly request: string;
  readonly taskId: string;
  readonly nodeId: string;
  readonly attempt: number;
  /** `epoch.attempt`. */
  readonly fence: string;
  readonly pid: number;
  /** Seconds since the machine's start. */
  readonly uptimeS: number;
}

/** Something reached a coordinator from the node between these two moments. */
export interface Hearing {
  readonly nodeId: string;
  readonly fromS: number;
  readonly toS: number;
}

export function submissionLine(submission: Submission): string {
  return `${JSON.stringify(submission)}\n`;
}

export function readSubmissions(text: string): Submission[] {
  return linesOf(text).map((line) => JSON.parse(line) as Submission);
}

export function outcomeLine(outcome: Outcome): string {
  return `${JSON.stringify(outcome)}\n`;
}

export function readOutcomes(text: string): Outcome[] {
  return linesOf(text).map((line) => JSON.parse(line) as Outcome);
}

export function hearingLine({ nodeId, fromS, toS }: Hearing): string {
  return `${nodeId} ${fromS} ${toS}\n`;
}

export function readHearings(text: string): Hearing[] {
  return linesOf(text).map((line) => {
    const [nodeId = "", fromS, toS] = line.split(" ");
    return { nodeId, fromS: Number(fromS), toS: Number(toS) };
  });
}

/** @throws Error for a line that no task writes: then the history cannot be believed. */
export function readTraceLines(text: string): TraceLine[] {
  return linesOf(text).map((line) => {
    const [what = "", request = "", taskId = "", nodeId = "", attempt, fence = "", pid, uptimeS, ...rest] =
      line.split(" ");
    if (!isWhat(what) || rest.length > 0 || !(Number(uptimeS) > 0))
      throw new Error(`not a line of a history: "${line}"`);
    const numbers = { attempt: Number(attempt), pid: Number(pid), uptimeS: Number(uptimeS) };
    return { what, request, taskId, nodeId, fence, ...numbers };
  });
}

function isWhat(text: string): text is TraceLine["what"] {
  return ["start", "alive", "end", "overlap"].includes(text);
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
