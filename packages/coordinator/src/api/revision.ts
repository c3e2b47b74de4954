/** Revisions as clients see them: `<lineage>.<sequence>`, a position in one history of the log. */
import { HoldfastError, invalidField } from "@holdfast/shared/errors.ts";

export interface Revision {
  /** Names one history of the log; a new one begins when the log is begun anew or has lost entries. */
  readonly lineage: string;
  readonly sequence: number;
}

const pattern = /^([0-9A-Za-z_-]{0,64})\.(0|[1-9][0-9]{0,15})$/;

export function formatRevision({ lineage, sequence }: Revision): string {
  return `${lineage}.${sequence}`;
}

/** Names end in the leadership that mended the log, if one had to: `<lineage>` or `<lineage>--<epoch>`. */
const mended = /^(.*?)(?:--([0-9]+))?$/;

/** Is `wanted` the same log after it was mended, which is yet to be seen here? */
export function isLaterHistory(here: string, wanted: string): boolean {
  const [, log, epoch = "0"] = mended.exec(here) ?? [];
  const [, wantedLog, wantedEpoch = "0"] = mended.exec(wanted) ?? [];
  return log === wantedLog && Number(wantedEpoch) > Number(epoch);
}

/** Null when the text is not a revision. */
export function parseRevision(text: string): Revision | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const sequence = Number(match[2]);
  return Number.isSafeInteger(sequence) ? { lineage: match[1] as string, sequence } : null;
}

/** @throws HoldfastError (invalidArgument) that names the field. */
export function checkRevision(field: string, text: string): Revision {
  const revision = parseRevision(text);
  if (revision === null) throw invalidField(field, "is not a revision; use one that an earlier answer gave");
  return revision;
}

/** The error for a revision of a history that is not this one: waiting for it would never end. */
export function otherHistory(field: string, wanted: Revision, here: string): HoldfastError {
  const description =
    `names history ${wanted.lineage}, but this coordinator follows ${here}: ` +
    "the log was begun anew or has lost its last entries; read again without it";
  return new HoldfastError("failedPrecondition", `${field} ${description}`, { fields: [{ field, description }] });
}
