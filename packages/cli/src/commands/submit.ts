/** `holdfast submit`: one task from flags, or a batch from a file. */
import { submitInPieces } from "@holdfast/shared/client/batch-submission.ts";
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { printable } from "../format/printable.ts";
import { parseTaskFile } from "../parse/task-file.ts";
import { progressBar } from "../progress.ts";
import { inSession, type Session } from "../session.ts";
import { addTaskOptions, content, specFromFlags, type TaskFlags } from "../task-options.ts";
import { UsageError } from "../usage-error.ts";
import { reportBatchEnd, reportTaskEnds } from "./wait.ts";

interface SubmitFlags extends TaskFlags {
  readonly batch?: string;
  readonly allowPartial?: boolean;
  readonly wait?: boolean;
}

const examples = `
A batch is one JSON object a line: a TaskSpec in protobuf's JSON names, where durations and amounts may be text with a
unit, and constraints may be text. All lines are checked before anything is submitted. See docs/cli.md.

Examples:
  holdfast submit -- /usr/bin/python3 train.py --epochs 10
  holdfast submit --name nightly --not-before 2h --retries 5 --backoff 30s -- ./backup
  holdfast submit --count gpu=1 --constraint 'zone in (a,b)' -- ./render
  echo '{"argv":["sleep","5"],"timeoutMs":"1m"}' | holdfast submit --batch -
  holdfast submit --batch tasks.jsonl --wait`;

export function define(command: Command): void {
  command.argument("[argv...]", "the program and its arguments").passThroughOptions();
  addTaskOptions(command)
    .option("--batch <file>", "submit the tasks of a file with one JSON object a line, - for standard input")
    .option("--allow-partial", "of a batch, accept the good tasks and tell the errors of the others")
    .option("--wait", "wait until all has ended; exit code 0 only if all succeeded");
  addConnectionOptions(command).addHelpText("after", examples);
  command.action((argv: string[]) =>
    inSession(command, (session) => {
      const flags = command.opts<SubmitFlags>();
      return flags.batch === undefined
        ? submitOne(session, flags, argv)
        : submitBatch(session, flags, flags.batch, argv);
    }),
  );
}

async function submitOne(session: Session, flags: SubmitFlags, argv: readonly string[]): Promise<number> {
  const { client, screen } = session;
  const spec = await specFromFlags(flags, argv);
  const answer = await client.tasks.submit({
    spec,
    ...(flags.requestId === undefined ? {} : { requestId: flags.requestId }),
  });
  if (flags.wait !== true) {
    screen.show(answer, () => answer.taskId ?? "");
    return 0;
  }
  if (!screen.json) screen.print(answer.taskId ?? "");
  return await reportTaskEnds(session, [answer.taskId ?? ""]);
}

async function submitBatch(
  session: Session,
  flags: SubmitFlags,
  path: string,
  argv: readonly string[],
): Promise<number> {
  const { client, screen, namespace } = session;
  const { batch, allowPartial = false, wait, requestId, ...ofOneTask } = flags;
  const stray = Object.keys(ofOneTask).find((name) => taskFlagNames.has(name));
  if (argv.length > 0 || stray !== undefined)
    throw new UsageError(
      "--batch takes the tasks from its file: leave out the program and the flags that describe one task",
    );
  const file = parseTaskFile(
    (await content("--batch", path))?.toString("utf8") ?? "",
    path === "-" ? "standard input" : path,
  );
  const bar = progressBar("submitted", file.specs.length, screen.json);
  const submitted = await submitInPieces(client.tasks, {
    specs: file.specs,
    namespace,
    requestId,
    allowPartial,
    onProgress: bar.update,
  }).finally(() => bar.stop());
  for (const { index = 0, field = "", message = "" } of submitted.errors)
    screen.note(`line ${file.lines[index] ?? "?"} was refused: ${printable(`${field}: ${message}`)}`);
  const refused = submitted.errors.length;
  if (wait === true) {
    if (!screen.json) screen.print(submitted.batchId);
    const exitCode = await reportBatchEnd(session, submitted.batchId);
    return refused > 0 ? 1 : exitCode;
  }
  screen.show(submitted, () => submitted.batchId);
  if (!screen.json) screen.note(`${file.specs.length - refused} tasks in batch ${submitted.batchId}`);
  return refused > 0 ? 1 : 0;
}

const taskFlagNames: ReadonlySet<string> = new Set([
  "name",
  "env",
  "cwd",
  "stdin",
  "script",
  "user",
  "timeout",
  "queueTimeout",
  "notBefore",
  "priority",
  "label",
  "constraint",
  "cpu",
  "memory",
  "count",
  "retries",
  "backoff",
  "backoffMax",
  "finalExitCode",
  "stopSignal",
  "stopGrace",
  "outputLimit",
]);
