/** One event of the cluster on one line. */
import type { ClusterEvent } from "@holdfast/shared/client/messages.ts";
import type { Colours } from "./colours.ts";
import { clock } from "./moment.ts";
import { printable } from "./printable.ts";

export function eventLine(event: ClusterEvent, colours: Colours): string {
  const kind = event.kind ?? "";
  const paint = /lost|failed|poison|frozen/.test(kind) ? colours.red : colours.cyan;
  const when = event.atMs ? clock(event.atMs) : "-";
  return `${colours.dim(when)}  ${paint(kind)}  ${printable(event.subject ?? "")}  ${printable(event.message ?? "")}`.trimEnd();
}
