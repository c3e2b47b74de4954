/** The cluster's events, continued at the last revision; what was delivered before is dropped by its number. */
import type { ClusterEventsRequest, ClusterEventsResponse } from "./messages.ts";
import type { StreamPlan } from "./resumable-stream.ts";

export function eventFollowPlan(request: ClusterEventsRequest): StreamPlan<ClusterEventsResponse> {
  let lastSequence = 0;
  let revision = request.fromRevision;
  return {
    open: (connection, options) =>
      connection.cluster.Events(
        {
          ...request,
          fromRevision: revision ?? "",
          ...(lastSequence === 0 ? {} : { tail: 0 }),
        },
        options,
      ),
    accept(message) {
      revision = message.revision || revision;
      const events = (message.events ?? []).filter(({ sequence = 0 }) => sequence === 0 || sequence > lastSequence);
      lastSequence = events.reduce((highest, { sequence = 0 }) => Math.max(highest, sequence), lastSequence);
      return events.length === 0 && (message.events ?? []).length > 0 ? undefined : { ...message, events };
    },
    complete: (endedByServer) => endedByServer && request.follow !== true,
    restart() {
      if (!revision) return false;
      revision = undefined;
      return true;
    },
  };
}
