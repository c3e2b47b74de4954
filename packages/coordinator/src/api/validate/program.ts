/** What a task executes: program, script, environment, folder, input, user. */
import type { TaskSpec__Output } from "@holdfast/shared/contract/generated/holdfast/v1/TaskSpec.ts";
import { quoted, type Violations } from "./violations.ts";

const kibibyte = 1024;
const maxArguments = 1_024;
const maxArgumentBytes = 128 * kibibyte;
const maxScriptBytes = 64 * kibibyte;
const maxInputBytes = 256 * kibibyte;
const maxVariables = 1_024;
const maxVariableNameLength = 128;
const maxEnvironmentBytes = 128 * kibibyte;
/** PATH_MAX of Linux, less its NUL. */
const maxPathBytes = 4_095;

const variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
const userPattern = /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/;
const stopSignals: ReadonlySet<string> = new Set(
  "SIGTERM SIGINT SIGQUIT SIGHUP SIGUSR1 SIGUSR2 SIGKILL SIGALRM SIGCONT SIGWINCH".split(" "),
);

/** @returns what a task is called that was given no name. */
export function checkProgram(violations: Violations, spec: TaskSpec__Output): string {
  const hasScript = spec.script !== undefined && spec.script.length > 0;
  if (hasScript) checkBytes(violations, "script", spec.script, maxScriptBytes);
  checkArguments(violations, spec.argv, hasScript);
  checkEnvironment(violations, spec.environment);
  checkWorkingDirectory(violations, spec.workingDirectory);
  checkBytes(violations, "standard_input", spec.standardInput, maxInputBytes);
  if (spec.user && !userPattern.test(spec.user)) {
    violations.add("user", `is ${quoted(spec.user)}; use a user's name on the node, not a number`);
  }
  if (spec.stopSignal && !stopSignals.has(spec.stopSignal)) {
    violations.add("stop_signal", `is ${quoted(spec.stopSignal)}; use one of ${[...stopSignals].join(", ")}`);
  }
  return hasScript ? "script" : programName(spec.argv?.[0] ?? "");
}

function checkArguments(violations: Violations, argv: readonly string[] = [], hasScript: boolean): void {
  if (!hasScript && (argv.length === 0 || argv[0] === "")) {
    return violations.add("argv", "is empty; name a program, or send a script");
  }
  if (argv.length > maxArguments) {
    return violations.add("argv", `has ${argv.length} entries; at most ${maxArguments} are allowed`);
  }
  let bytes = 0;
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] as string;
    if (argument.includes("\0")) violations.add(`argv[${index}]`, "has a NUL byte, which no argument can carry");
    bytes += Buffer.byteLength(argument) + 1;
  }
  if (bytes > maxArgumentBytes) {
    violations.add(
      "argv",
      `has ${bytes} bytes; at most ${maxArgumentBytes} are allowed; send large data as standard input`,
    );
  }
}

function checkEnvironment(violations: Violations, environment: Record<string, string> | undefined): void {
  if (environment === undefined) return;
  const names = Object.keys(environment);
  if (names.length > maxVariables) {
    return violations.add("environment", `has ${names.length} entries; at most ${maxVariables} are allowed`);
  }
  let bytes = 0;
  for (const name of names) {
    const value = environment[name] as string;
    if (name.length > maxVariableNameLength || !variablePattern.test(name)) {
      violations.add("environment", `has the name ${quoted(name)}; names are letters, digits and _, no digit first`);
    } else if (value.includes("\0")) {
      violations.add(`environment[${name}]`, "has a NUL byte, which no variable can carry");
    }
    bytes += name.length + Buffer.byteLength(value) + 2;
  }
  if (bytes > maxEnvironmentBytes) {
    violations.add("environment", `has ${bytes} bytes; at most ${maxEnvironmentBytes} are allowed`);
  }
}

function checkWorkingDirectory(violations: Violations, path = ""): void {
  if (path === "") return;
  const field = "working_directory";
  if (path.includes("\0")) violations.add(field, "has a NUL byte, which no path can carry");
  else if (!path.startsWith("/")) violations.add(field, `is ${quoted(path)}; use an absolute path`);
  else if (path.split("/").includes("..")) violations.add(field, `is ${quoted(path)}; use a path without ".."`);
  else if (Buffer.byteLength(path) > maxPathBytes) violations.add(field, `is longer than ${maxPathBytes} bytes`);
}

function checkBytes(violations: Violations, field: string, bytes: Buffer | undefined, most: number): void {
  const length = bytes?.length ?? 0;
  if (length > most) violations.add(field, `has ${length} bytes; at most ${most} are allowed`);
}

function programName(program: string): string {
  const base = program.slice(program.lastIndexOf("/") + 1);
  const name = base.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, 128);
  return name === "" ? "task" : name;
}
