/** The life of a daemon's process: start, run, stop in order on the first signal, end at once on the second. */
import { constants } from "node:os";
import { exitCodeOf, HoldfastError } from "./errors.ts";
import type { Log } from "./log.ts";

export interface Daemon {
  /** Stops in order; resolves when the process may exit. */
  stop(): Promise<void>;
  /** Resolves when it has stopped; rejects when it cannot go on. */
  readonly closed: Promise<void>;
}

/**
 * Ends the process: with 0 after a stop in order, with the error's own code when the daemon could not start, with 1 when it
 * could not go on. A signal that comes while it starts is obeyed when it has started.
 */
export async function runUntilSignal(start: () => Promise<Daemon>, log: Log): Promise<never> {
  const signalled = firstSignal(log);
  const daemon = await started(start, log);
  const stopped = signalled.then(() => daemon.stop());
  try {
    await Promise.race([daemon.closed, stopped]);
    // A daemon closes before it has let go of everything.
    await daemon.stop();
  } catch (error) {
    log.fatal({ err: error }, "cannot go on");
    process.exit(1);
  }
  log.info("stopped");
  process.exit(0);
}

async function started(start: () => Promise<Daemon>, log: Log): Promise<Daemon> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    log.fatal({ fields: error.fields }, `cannot start: ${error.message}`);
    process.exit(exitCodeOf(error.code));
  }
}

function firstSignal(log: Log): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let signalled = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (signalled) process.exit(128 + constants.signals[signal]);
      signalled = true;
      log.info({ signal }, "stopping");
      resolve();
    });
  }
  return promise;
}
