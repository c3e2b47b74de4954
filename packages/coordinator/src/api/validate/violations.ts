/** Gathers what is wrong with a request, so that a client hears of every field at once. */
import { type FieldViolation, HoldfastError } from "@holdfast/shared/errors.ts";

/** A request can be wrong in more ways than anybody wants to read. */
const maxListed = 20;

export class Violations {
  readonly fields: FieldViolation[] = [];
  #count = 0;

  get any(): boolean {
    return this.#count > 0;
  }

  /** `field` is the path in the request as the .proto files spell it, such as `argv[3]`. */
  add(field: string, description: string): void {
    this.#count += 1;
    if (this.fields.length < maxListed) this.fields.push({ field, description });
  }

  /** @throws HoldfastError (invalidArgument) when anything was added; `prefix` goes before each path. */
  throwIfAny(prefix = ""): void {
    if (this.any) throw this.error(prefix);
  }

  error(prefix = ""): HoldfastError {
    const fields = this.fields.map(({ field, description }) => ({ field: prefix + field, description }));
    return new HoldfastError("invalidArgument", summary(fields, this.#count), { fields });
  }
}

function summary(fields: readonly FieldViolation[], count: number): string {
  const first = fields[0];
  const text = first === undefined ? "the request is wrong" : `${first.field}: ${first.description}`;
  return count > 1 ? `${text} (and ${count - 1} more)` : text;
}

/**
 * A whole number within bounds; absent means 0, as in protobuf. Returns `least` when it is not, so that the caller can
 * go on gathering.
 */
export function integer(
  violations: Violations,
  field: string,
  value: number | undefined,
  least: number,
  most: number,
): number {
  const given = value ?? 0;
  if (given >= least && given <= most && Number.isInteger(given)) return given;
  violations.add(field, `is ${given}; it must be ${least} to ${most}`);
  return least;
}

/** For messages: what the client sent, made short and printable. */
export function quoted(text: string): string {
  return JSON.stringify(text.length <= 80 ? text : `${text.slice(0, 80)}…`);
}
