/** The life of a daemon's process: start, run, stop in order on the first signal, end at once on the second. */
import { constants } from "node:os";
import type { Log } from "@holdfast/shared/log.ts";

export interface Daemon {
  /** Stops in order; resolves when the process may exit. */
  stop(): Promise<void>;
  /** Resolves when it has stopped; rejects when it cannot go on. */
  readonly closed: Promise<void>;
}

const signals = ["SIGTERM", "SIGINT"] as const;

/** Ends the process: with 0 after a stop in order, with 1 when the daemon could not go on. */
export async function runUntilSignal(start: () => Promise<Daemon>, log: Log): Promise<never> {
  const daemon = await start();
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(128 + constants.signals[signal]);
    stopping = true;
    log.info({ signal }, "stopping");
    daemon.stop().catch((error: unknown) => {
      log.fatal({ err: error }, "could not stop in order");
      process.exit(1);
    });
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    await daemon.closed;
  } catch (error) {
    log.fatal({ err: error }, "cannot go on");
    process.exit(1);
  }
  log.info("stopped");
  process.exit(0);
}
