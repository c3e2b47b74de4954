/** What a simulated task does, written into its command line by the client that submits it. */

export interface TaskProgram {
  readonly durationMs: number;
  readonly exitCode: number;
  /** Goes on when asked to stop: only SIGKILL ends it. */
  readonly stubborn: boolean;
  /** There is no such program: nothing can be executed, on any node. */
  readonly missing: boolean;
}

const name = "simulated";

export function argvOf({ durationMs, exitCode, stubborn, missing }: TaskProgram): string[] {
  return [
    missing ? "missing" : name,
    String(Math.round(durationMs)),
    String(exitCode),
    stubborn ? "stubborn" : "gentle",
  ];
}

/** @throws Error when it is not one of ours */
export function programOf(argv: readonly string[]): TaskProgram {
  const [program, duration, exitCode, manner] = argv;
  const durationMs = Number(duration);
  if (!Number.isFinite(durationMs)) throw new Error(`not a simulated task: ${argv.join(" ")}`);
  return { durationMs, exitCode: Number(exitCode), stubborn: manner === "stubborn", missing: program === "missing" };
}
