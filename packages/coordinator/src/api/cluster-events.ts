/** Events: what happened in the cluster, and with `follow` what happens from then on. */
import type { ClusterEventsResponse } from "@holdfast/shared/contract/generated/holdfast/v1/ClusterEventsResponse.ts";
import type { ClusterServiceHandlers } from "@holdfast/shared/contract/generated/holdfast/v1/ClusterService.ts";
import { invalidField } from "@holdfast/shared/errors.ts";
import type { ClusterEventRecord } from "../core/record.ts";
import type { Backend } from "./backend.ts";
import type { StreamMethods } from "./methods.ts";
import { checkRevision, formatRevision } from "./revision.ts";

const maxEventsInMessage = 200;
/** More than are ever kept. */
const maxTail = 1_000_000;

export function clusterEvents(backend: Backend): StreamMethods<ClusterServiceHandlers>["Events"] {
  return async function* (request, { signal }) {
    const { tail = 0, follow = false } = request;
    if (tail < 0 || tail > maxTail) throw invalidField("tail", `is ${tail}; it must be 0 to ${maxTail}`);
    const from = request.fromRevision ? checkRevision("from_revision", request.fromRevision) : null;
    const past = await backend.read((view) => ({ events: [...view.events()], revision: view.revision }));
    const present = checkRevision("revision", past.revision);
    if (from === null) yield* messages(tail === 0 ? past.events : past.events.slice(-tail), past.revision);
    const isDone = (sequence: number) => !follow && sequence >= present.sequence;
    const start = from ?? present;
    if (isDone(start.sequence)) return;
    for await (const { sequence, records } of backend.changes.after(start, null, signal)) {
      const events = records.flatMap((record) => (record.kind === "event" && record.value ? [record.value] : []));
      if (events.length > 0) yield* messages(events, formatRevision({ ...start, sequence }));
      if (isDone(sequence)) return;
    }
  };
}

/** The revision stands on the last message only: whoever resumes from it has seen all events up to it. */
function* messages(events: readonly ClusterEventRecord[], revision: string): Iterable<ClusterEventsResponse> {
  let begin = 0;
  for (; events.length - begin > maxEventsInMessage; begin += maxEventsInMessage) {
    yield { events: events.slice(begin, begin + maxEventsInMessage) };
  }
  yield { events: events.slice(begin), revision };
}
