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

/**
 * What every process of this attempt finds in its environment, and of no other on this machine; none when the order cannot be
 * read.
 */
export function marksOfStoredOrder(text: string | null, nodeId: string): readonly string[] {
  const order = parse(text);
  if (order === null) return [];
  return [`HOLDFAST_NODE_ID=${nodeId}`, `HOLDFAST_TASK_ID=${order.taskId}`, `HOLDFAST_FENCE=${order.fence}`];
}

const unlimited: Limits = Object.freeze({ timeoutMs: 0, stopGraceMs: 10_000 });

/** The limits of an order; those of none when it cannot be read, since its supervisor enforces them anyway. */
export function limitsOfStoredOrder(text: string | null): Limits {
  const order = parse(text);
  return order === null ? unlimited : { timeoutMs: order.timeoutMs, stopGraceMs: order.stopGraceMs };
}

function parse(text: string | null): StoredOrder | null {
  if (text === null) return null;
  try {
    return v.parse(schema, JSON.parse(text));
  } catch {
    return null;
  }
}
