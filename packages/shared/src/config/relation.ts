/**
 * Checks of settings against each other, which are made also when other settings are wrong: every mistake is told at
 * once.
 */
import { z } from "zod";

export interface RelationRule<Settings> {
  holds(settings: Settings): boolean;
  readonly error: string | ((settings: Settings) => string);
}

/** Marks an issue whose message tells the values itself: those that count may be defaults, which stand nowhere. */
const relationIssue = { relation: true };

/**
 * @param fields the settings that it compares; it is skipped while one of these is wrong itself
 * @param blamed the setting under which a mistake is told
 */
export function relation<Schema extends z.ZodObject>(
  fields: readonly (keyof z.output<Schema> & string)[],
  blamed: keyof z.output<Schema> & string,
  rule: RelationRule<z.output<Schema>>,
) {
  return z.refine<z.output<Schema>>((settings) => rule.holds(settings), {
    path: [blamed],
    params: relationIssue,
    error: ({ input }) => {
      const error = typeof rule.error === "string" ? rule.error : rule.error(input as z.output<Schema>);
      return `${error} (${tell(fields, input as Readonly<Record<string, unknown>>)})`;
    },
    when: ({ issues }) => !issues.some((issue) => !isRelationIssue(issue) && fields.includes(String(issue.path?.[0]))),
  });
}

export function isRelationIssue(issue: object): boolean {
  return "params" in issue && issue.params === relationIssue;
}

function tell(fields: readonly string[], settings: Readonly<Record<string, unknown>>): string {
  const set = fields.filter((field) => settings[field] !== undefined);
  return set.map((field) => `${field} is ${JSON.stringify(settings[field])}`).join(", ");
}
