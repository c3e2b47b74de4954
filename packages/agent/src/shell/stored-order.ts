/** What is kept of an order in its attempt's folder: what an agent must know that finds the attempt again. */
import * as v from "valibot";
import type { Limits } from "../core/attempt.ts";

const schema = v.object({
  taskId: v.string(),
  attempt: v.pipe(v.number(), v.integer()),
  fence: v.string(),
  timeoutMs: v.number(),
  stopGraceMs: v.number(),
});

export type StoredOrder = Readonly<v.InferOutput<typeof schema>>;

/** One line. */
export function textOfOrder(order: StoredOrder): string {
  return JSON.stringify(order);
}

const unlimited: Limits = Object.freeze({ timeoutMs: 0, stopGraceMs: 10_000 });

/** The limits of an order; those of none when it cannot be read, since its supervisor enforces them anyway. */
export function limitsOfStoredOrder(text: string | null): Limits {
  if (text === null) return unlimited;
  try {
    const { timeoutMs, stopGraceMs } = v.parse(schema, JSON.parse(text));
    return { timeoutMs, stopGraceMs };
  } catch {
    return unlimited;
  }
}
