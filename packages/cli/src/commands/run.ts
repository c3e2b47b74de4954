/** `holdfast run`: submit a task, follow its output, end with its exit code. */
import type { Task } from "@holdfast/shared/client/messages.ts";
import { taskHasEnded } from "@holdfast/shared/client/task-states.ts";
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { exitCodeOfTask, interruptedExitCode } from "../follow/exit-code.ts";
import { followTask } from "../follow/follow-task.ts";
import { OutputPrinter } from "../follow/output-printer.ts";
import { printable } from "../format/printable.ts";
import { stateWord } from "../format/state.ts";
import { inSession, type Session } from "../session.ts";
import { addTaskOptions, specFromFlags, type TaskFlags } from "../task-options.ts";

const examples = `
The exit code is the task's: its own, 128 + the number of the signal that ended it, 124 when it timed out, 130 after
Ctrl-C, which cancels the task. A second Ctrl-C leaves at once.

Examples:
  holdfast run -- echo hello
  holdfast run --cpu 2 --memory 1GiB --timeout 10m -- make -j2 test
  holdfast run --script ./job.sh -- first second
  holdfast run --stdin data.csv --retries 3 -- sort`;

export function define(command: Command): void {
  command.argument("[argv...]", "the program and its arguments").passThroughOptions();
  addTaskOptions(command);
  addConnectionOptions(command).addHelpText("after", examples);
  command.action((argv: string[]) => inSession(command, (session) => run(session, command.opts(), argv)));
}

async function run(session: Session, flags: TaskFlags, argv: readonly string[]): Promise<number> {
  const { client, screen } = session;
  const spec = await specFromFlags(flags, argv);
  const interruption = new Interruption(session);
  const { taskId = "" } = await client.tasks.submit({
    spec,
    ...(flags.requestId === undefined ? {} : { requestId: flags.requestId }),
  });
  if (screen.json) screen.line({ type: "submitted", taskId });
  await interruption.aims(taskId);
  const task = await followTask(client, taskId, new OutputPrinter(screen));
  interruption.stop();
  const exitCode = interruption.happened ? interruptedExitCode : exitCodeOfTask(task);
  if (screen.json) screen.line({ type: "ended", taskId, state: task.state, reason: task.reason, exitCode });
  else if (task.state !== "TASK_STATE_SUCCEEDED" && taskHasEnded(task)) screen.note(`task ${taskId} ${outcome(task)}`);
  return exitCode;
}

/** The reason often begins with the state. */
function outcome({ state, reason = "" }: Task): string {
  const word = stateWord(state);
  if (reason === "" || reason.startsWith(word)) return printable(reason || word);
  return `${word}: ${printable(reason)}`;
}

/** The first Ctrl-C cancels the task, as soon as it has an id; the second leaves. */
class Interruption {
  readonly #session: Session;
  readonly #onSignal = () => this.#interrupt();
  #taskId: string | undefined;
  happened = false;

  constructor(session: Session) {
    this.#session = session;
    process.on("SIGINT", this.#onSignal);
    process.on("SIGTERM", this.#onSignal);
  }

  async aims(taskId: string): Promise<void> {
    this.#taskId = taskId;
    if (this.happened) await this.#cancel(taskId);
  }

  stop(): void {
    process.off("SIGINT", this.#onSignal);
    process.off("SIGTERM", this.#onSignal);
  }

  #interrupt(): void {
    if (this.happened) process.exit(interruptedExitCode);
    this.happened = true;
    this.#session.screen.note("cancelling the task; Ctrl-C again leaves at once");
    if (this.#taskId !== undefined)
      this.#cancel(this.#taskId).catch((error: Error) =>
        this.#session.screen.note(`the task could not be cancelled: ${error.message}`),
      );
  }

  async #cancel(taskId: string): Promise<void> {
    await this.#session.client.tasks.cancel({ taskId, reason: "interrupted by its submitter" });
  }
}
