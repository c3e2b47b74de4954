/** The flags that describe a task, for `submit` and `run`, and the TaskSpec that they make. */
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { Constraint, TaskSpec } from "@holdfast/shared/client/messages.ts";
import type { Command } from "commander";
import * as flag from "./parse/flag.ts";
import { UsageError } from "./usage-error.ts";

/** As commander hands them over: durations in milliseconds, amounts in bytes. */
export interface TaskFlags {
  readonly name?: string;
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly script?: string;
  readonly user?: string;
  readonly timeout?: number;
  readonly queueTimeout?: number;
  readonly notBefore?: number;
  readonly priority?: number;
  readonly label?: Record<string, string>;
  readonly constraint?: Constraint[];
  readonly cpu?: number;
  readonly memory?: number;
  readonly count?: Record<string, number>;
  readonly retries?: number;
  readonly backoff?: number;
  readonly backoffMax?: number;
  readonly finalExitCode?: number[];
  readonly stopSignal?: string;
  readonly stopGrace?: number;
  readonly outputLimit?: number;
  readonly exclusive?: boolean;
  readonly requestId?: string;
}

export function addTaskOptions(command: Command): Command {
  return command
    .optionsGroup("What runs:")
    .option("--name <name>", "name shown in lists (default: the program's)")
    .option("--env <key=value>", "environment variable; repeatable", flag.pair)
    .option("--cwd <folder>", "absolute working folder on the node (default: a new empty one)")
    .option("--stdin <file>", "file whose content is the standard input, - for this command's own")
    .option("--script <file>", "send this file along and run it, with the arguments after --; - for standard input")
    .option("--user <name>", "user on the node (default: the agent's)")
    .optionsGroup("When and where:")
    .option("--timeout <duration>", "stop it after so long a run: 30s, 1h30m", flag.duration)
    .option("--exclusive", "never two attempts at a time, at the price of waiting when its node is lost")
    .option("--queue-timeout <duration>", "give up when it has not started after so long", flag.duration)
    .option("--not-before <time>", "not before a time, or a duration from now", flag.moment)
    .option("--priority <number>", "-1000 to 1000, higher first", flag.integer(-1000, 1000))
    .option("--label <key=value>", "label; repeatable", flag.pair)
    .option(
      "--constraint <text>",
      "'zone in (a,b)', 'gpu exists', 'node.arch=x64'; repeatable, all must hold",
      flag.constraint,
    )
    .option("--cpu <cores>", "cores to promise it: 2, 0.5 or 500m", flag.cpu)
    .option("--memory <bytes>", "memory to promise it: 512MiB, 1GiB", flag.bytes)
    .option("--count <name=number>", "named resource such as gpu=1; repeatable", flag.count)
    .optionsGroup("When it fails or must stop:")
    .option("--retries <number>", "new attempts after failures, 0 to 100 (default: 0)", flag.integer(0, 100))
    .option(
      "--backoff <duration>",
      "wait before the first retry, doubled for each further one (default: 1s)",
      flag.duration,
    )
    .option("--backoff-max <duration>", "longest wait before a retry (default: 1m)", flag.duration)
    .option("--final-exit-code <codes>", "exit codes that are not retried: 2 or 2,64; repeatable", flag.exitCodes)
    .option("--stop-signal <name>", "signal that asks it to stop (default: TERM)", flag.signalName)
    .option("--stop-grace <duration>", "time from the stop signal to SIGKILL (default: 10s)", flag.duration)
    .option("--output-limit <bytes>", "output kept on the node, the oldest goes first (default: 16MiB)", flag.bytes)
    .optionsGroup("Options:")
    .option("--request-id <id>", "makes a repeated submission harmless: the same id gives the same task");
}

/** @throws UsageError when there is nothing to run, or a file cannot be read */
export async function specFromFlags(flags: TaskFlags, argv: readonly string[]): Promise<TaskSpec> {
  if (argv.length === 0 && flags.script === undefined)
    throw new UsageError("nothing to run: give a program and its arguments after --, or a file with --script");
  if (flags.stdin === "-" && flags.script === "-")
    throw new UsageError("--stdin - and --script - cannot both read this command's standard input");
  return withoutUndefined<TaskSpec>({
    name: flags.name,
    argv: [...argv],
    script: await content("--script", flags.script),
    environment: flags.env,
    workingDirectory: flags.cwd,
    standardInput: await content("--stdin", flags.stdin),
    user: flags.user,
    timeoutMs: flags.timeout,
    queueTimeoutMs: flags.queueTimeout,
    notBeforeMs: flags.notBefore,
    priority: flags.priority,
    labels: flags.label,
    constraints: flags.constraint,
    resources: ifAny({ cpuMillis: flags.cpu, memoryBytes: flags.memory, counts: flags.count }),
    retry: ifAny({
      maxRetries: flags.retries,
      backoffMs: flags.backoff,
      backoffMaxMs: flags.backoffMax,
      finalExitCodes: flags.finalExitCode,
    }),
    stopSignal: flags.stopSignal,
    stopGraceMs: flags.stopGrace,
    outputLimitBytes: flags.outputLimit,
    exclusive: flags.exclusive,
  });
}

type Undefinable<Value> = { [Key in keyof Value]: Value[Key] | undefined };

function withoutUndefined<Value extends object>(record: Undefinable<Value>): Value {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Value;
}

function ifAny<Value extends object>(record: Undefinable<Value>): Value | undefined {
  const set = withoutUndefined<Value>(record);
  return Object.keys(set).length === 0 ? undefined : set;
}

/** The content of the file that a flag names, `-` for standard input. */
export async function content(flagName: string, path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  if (path === "-") return await buffer(process.stdin);
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`${flagName} ${path}: ${(error as Error).message}; name a file that can be read, or -`);
  }
}
