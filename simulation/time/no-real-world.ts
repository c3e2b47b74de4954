/**
 * While a world runs, nothing may depend on the real one: real clocks, timers, random numbers, files and sockets. Whoever
 * calls one of them meanwhile is told off by an error, and the run fails even when somebody swallows that.
 */
import childProcess from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import timersPromises from "node:timers/promises";

type Offended = (error: Error) => void;

let offended: Offended | null = null;
let installed = false;

/** @param told of each offence, with its stack */
export function withoutRealWorld<Result>(work: () => Result, told: Offended): Result {
  install();
  const outer = offended;
  offended = told;
  try {
    return work();
  } finally {
    offended = outer;
  }
}

/** Once for each thread: outside of runs everything works as before. */
function install(): void {
  if (installed) return;
  installed = true;
  watch(globalThis, "setTimeout", "setInterval", "setImmediate");
  watch(Date, "now");
  watch(performance, "now");
  watch(Math, "random");
  watch(process, "hrtime", "cwd");
  watch(crypto, "randomBytes", "randomInt", "randomUUID", "randomFillSync");
  watch(
    fs,
    "openSync",
    "readSync",
    "writeSync",
    "readFileSync",
    "writeFileSync",
    "mkdirSync",
    "readdirSync",
    "statSync",
  );
  watch(fs.promises, "open", "readFile", "writeFile", "mkdir", "readdir", "stat", "rm");
  watch(net, "connect", "createConnection", "createServer");
  watch(childProcess, "spawn", "fork", "exec");
  watch(timersPromises, "setTimeout", "setImmediate");
  syncBuiltinESMExports();
  globalThis.Date = new Proxy(Date, {
    construct(target, values: unknown[], newTarget) {
      if (values.length === 0) offend("new Date()");
      return Reflect.construct(target, values, newTarget);
    },
  });
}

function watch<Owner extends object>(owner: Owner, ...names: readonly (keyof Owner & string)[]): void {
  for (const name of names) {
    const original: unknown = Reflect.get(owner, name);
    if (typeof original !== "function") continue;
    const watched = new Proxy(original, {
      apply(target, self: unknown, values: unknown[]) {
        offend(name);
        return Reflect.apply(target, self, values);
      },
    });
    Object.defineProperty(owner, name, { value: watched, configurable: true, writable: true });
  }
}

function offend(what: string): void {
  if (offended === null) return;
  const error = new Error(`${what} was called, which follows from no seed`);
  offended(error);
  throw error;
}
