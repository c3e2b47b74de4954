/** A check of the operator's own: a command whose exit code is the state, by the convention of Nagios' plug-ins. */
import type { CustomCheck } from "@holdfast/shared/config/check-settings.ts";
import { type CheckGroup, degraded, type Finding, healthy, unhealthy, unknown } from "../finding.ts";
import { type CommandEnd, type CommandRun, runCommand } from "./run-command.ts";

function judgeEnd(end: CommandEnd, { argv, timeoutMs }: Pick<CustomCheck, "argv" | "timeoutMs">): Finding {
  const command = argv.join(" ").slice(0, 200);
  const action = `run it on the node to see more: ${command}`;
  switch (end.kind) {
    case "notStarted":
      return unknown(`it cannot be run: ${end.reason}`, "correct checks.custom in the agent's configuration");
    case "timedOut":
      return unknown(`it did not end within ${timeoutMs} ms and was killed${said(end.firstLine)}`, action);
    case "killed":
      return unknown(`it was ended by ${end.signal}${said(end.firstLine)}`, action);
    case "exited": {
      if (end.code === 0) return healthy;
      const reason = end.firstLine || `exit code ${end.code}, without a word`;
      if (end.code === 1) return degraded(reason, action);
      if (end.code === 2) return unhealthy(reason, action);
      return unknown(`exit code ${end.code}${said(end.firstLine)}`, action);
    }
  }
}

function said(line: string): string {
  return line === "" ? "" : `, having said: ${line}`;
}

export function customCheck(check: CustomCheck): CheckGroup {
  const name = `custom.${check.name}`;
  let run: CommandRun | null = null;
  return {
    sensor: name,
    names: [name],
    everyMs: check.intervalMs,
    // So one that was killed for its time counts against its budget.
    slowAfterMs: check.timeoutMs,
    async look() {
      // Not another one beside it: they would gather.
      if (run?.lives() === true) {
        return new Map([[name, unknown("its last run was killed, but the kernel has not let go of it yet")]]);
      }
      run = runCommand(check.argv, check.name, check.timeoutMs);
      return new Map([[name, judgeEnd(await run.ended, check)]]);
    },
    close() {
      if (run?.lives() === true) run.kill();
    },
  };
}
