/** What the processes of a world log: nowhere, or into a trace. */
import type { AgentLog } from "@holdfast/agent/log.ts";
import type { Log } from "@holdfast/coordinator/ports.ts";

type Level = "debug" | "info" | "warn" | "error" | "fatal";

export class WorldLog {
  readonly #write: ((line: string) => void) | null;

  /** @param write null: nobody wants to know */
  constructor(write: ((line: string) => void) | null) {
    this.#write = write;
  }

  of(name: string): Log & AgentLog {
    const write = this.#write;
    const at = (level: Level) => (details: object, message: string) => {
      if (write !== null) write(`${name} ${level} ${message} ${textOf(details)}`);
    };
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), fatal: at("fatal") };
  }
}

function textOf(details: object): string {
  const shown = Object.entries(details).map(([name, value]) => [name, value instanceof Error ? value.stack : value]);
  return shown.length === 0 ? "" : JSON.stringify(Object.fromEntries(shown));
}
