/** What is kept of an order in its attempt's folder: what an agent must know that finds the attempt again. */
import { z } from "zod";
import type { Limits } from "../core/attempt.ts";

const schema = z.object({
  taskId: z.string(),
  attempt: z.int(),
  fence: z.string(),
  timeoutMs: z.number(),
  stopGraceMs: z.number(),
});

export type StoredOrder = Readonly<z.output<typeof schema>>;

/** One line. */
export function textOfOrder(order: StoredOrder): string {
  return JSON.stringify(order);
}

const unlimited: Limits = Object.freeze({ timeoutMs: 0, stopGraceMs: 10_000 });

/** The limits of an order; those of none when it cannot be read, since its supervisor enforces them anyway. */
export function limitsOfStoredOrder(text: string | null): Limits {
  if (text === null) return unlimited;
  try {
    const { timeoutMs, stopGraceMs } = schema.parse(JSON.parse(text));
    return { timeoutMs, stopGraceMs };
  } catch {
    return unlimited;
  }
}
