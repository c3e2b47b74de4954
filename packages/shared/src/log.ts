/**
 * Logging: one JSON object a line on standard output, written at once so that a crash loses nothing.
 */
import { destination, type Logger, pino, stdTimeFunctions } from "pino";

export type Log = Logger;

export interface LogOptions {
  /** Which process is speaking, such as "coordinator-1". */
  readonly name: string;
  /** Lowest level that is written. */
  readonly level?: string;
}

export function createLog({ name, level = "info" }: LogOptions): Log {
  return pino(
    {
      name,
      level,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ dest: 1, sync: true }),
  );
}
