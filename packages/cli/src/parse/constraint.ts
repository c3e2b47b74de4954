/**
 * Constraints as people write them:
 *
 *     zone in (a, b)     zone not in (a, b)     zone = a     zone != a     gpu exists     gpu not exists
 */
import type { Constraint } from "@holdfast/shared/client/messages.ts";

export const constraintHint =
  "write 'zone in (a,b)', 'zone not in (a,b)', 'zone=a', 'zone!=a', 'gpu exists' or 'gpu not exists'";

const key = "([A-Za-z0-9][A-Za-z0-9._/-]*)";
const listForm = new RegExp(String.raw`^${key}\s+(in|not\s*in)\s*\(([^()]*)\)$`, "i");
const existsForm = new RegExp(String.raw`^${key}\s+(exists|not\s*exists)$`, "i");
const equalForm = new RegExp(String.raw`^${key}\s*(=|==|!=)\s*(\S+)$`);

/** Undefined when the text is no constraint. */
export function parseConstraint(text: string): Constraint | undefined {
  const trimmed = text.trim();
  const list = listForm.exec(trimmed);
  if (list !== null) return listConstraint(list[1] as string, list[2] as string, list[3] as string);
  const exists = existsForm.exec(trimmed);
  if (exists !== null)
    return { key: exists[1] as string, operator: isNegated(exists[2]) ? "OPERATOR_NOT_EXISTS" : "OPERATOR_EXISTS" };
  const equal = equalForm.exec(trimmed);
  if (equal !== null)
    return {
      key: equal[1] as string,
      operator: equal[2] === "!=" ? "OPERATOR_NOT_IN" : "OPERATOR_IN",
      values: [equal[3] as string],
    };
  return undefined;
}

function listConstraint(key: string, word: string, list: string): Constraint | undefined {
  const values = list.split(",").map((value) => value.trim());
  if (values.some((value) => value === "")) return undefined;
  return { key, operator: isNegated(word) ? "OPERATOR_NOT_IN" : "OPERATOR_IN", values };
}

function isNegated(word: string | undefined): boolean {
  return word?.toLowerCase().startsWith("not") === true;
}
