/** States as words, coloured by whether they are good news. */
import type { Colours } from "./colours.ts";

type Paint = (colours: Colours) => (text: string) => string;

const good: Paint = (colours) => colours.green;
const bad: Paint = (colours) => colours.red;
const doubtful: Paint = (colours) => colours.yellow;
const moving: Paint = (colours) => colours.cyan;

const paints: Readonly<Record<string, Paint>> = {
  succeeded: good,
  healthy: good,
  ready: good,
  failed: bad,
  unhealthy: bad,
  lost: bad,
  "timed out": bad,
  refused: bad,
  cancelled: doubtful,
  suspect: doubtful,
  degraded: doubtful,
  away: doubtful,
  "cut off": doubtful,
  stopping: doubtful,
  running: moving,
  starting: moving,
  placed: moving,
};

/** `TASK_STATE_TIMED_OUT` → `timed out`. */
export function stateWord(state: string | undefined): string {
  return (state ?? "unknown")
    .replace(/^(?:(?:TASK|ATTEMPT|NODE)_STATE|HEALTH)_/, "")
    .replaceAll("_", " ")
    .toLowerCase();
}

export function paintedState(state: string | undefined, colours: Colours): string {
  const word = stateWord(state);
  return paints[word]?.(colours)(word) ?? word;
}
