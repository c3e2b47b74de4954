/** Why a task waits. */
import type { ExplainTaskResponse } from "@holdfast/shared/client/messages.ts";
import type { Colours } from "./colours.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

export function explanation(answer: ExplainTaskResponse, colours: Colours): string {
  const parts = [colours.bold(printable(answer.summary ?? "nothing is known about why"))];
  if (answer.queuePosition) parts.push(`place in the queue: ${answer.queuePosition}`);
  const nodes = answer.nodes ?? [];
  if (nodes.length > 0) {
    const rows = nodes.map((verdict) => [
      verdict.nodeId ?? "",
      verdict.fits ? colours.green("yes") : colours.red("no"),
      printable((verdict.obstacles ?? []).join("; ")),
    ]);
    parts.push(`\n${table(["NODE", "FITS", "OBSTACLES"], rows, colours)}`);
  }
  const remedies = answer.remedies ?? [];
  if (remedies.length > 0)
    parts.push(`\nwhat would help:\n${remedies.map((remedy) => `  - ${printable(remedy)}`).join("\n")}`);
  return parts.join("\n");
}
