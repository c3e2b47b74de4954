/** Who is told what changes in this coordinator's copy: the watchers of the API, and where there are any, an onlooker and /metrics. */
import type { ChangeFeed } from "./api/change-feed.ts";
import type { Observation } from "./core/observation.ts";
import type { NodeRecord } from "./core/record.ts";
import { livenessOf, type Settings } from "./core/settings.ts";
import type { SilenceOf } from "./exposition/service-levels.ts";
import type { Leadership } from "./loop/leadership.ts";
import type { ChangeSink } from "./loop/ports.ts";
import type { Replica } from "./loop/replica.ts";
import type { CoordinatorPorts } from "./ports.ts";

export interface ChangeSinkParts {
  readonly feed: ChangeFeed;
  readonly ports: Pick<CoordinatorPorts, "onlooker" | "meter" | "clock">;
  readonly observation: Observation;
  readonly settings: Settings;
  /** Asked for when there is a change: both are made with this sink. */
  readonly replica: () => Replica;
  readonly leadership: () => Leadership;
}

export function changeSink({ feed, ports, observation, settings, replica, leadership }: ChangeSinkParts): ChangeSink {
  const { onlooker, meter, clock } = ports;
  if (onlooker === undefined && meter === undefined) return feed;
  const silenceOf: SilenceOf = ({ id, nodeClass }: NodeRecord) => {
    const lastBeatMs = observation.hearings.get(id)?.lastBeatMs ?? Number.NEGATIVE_INFINITY;
    const { suspectAfterMs } = livenessOf(settings, nodeClass);
    return { silentMs: clock.now().steadyMs - lastBeatMs, suspectAfterMs };
  };
  return {
    reset: (position) => {
      feed.reset(position);
      onlooker?.changed(replica(), "loaded");
      meter?.loaded(replica().state);
    },
    emptied: () => feed.emptied(),
    publish: (sequence, records, lines) => {
      feed.publish(sequence, records, lines);
      const { leader, holderSeenMs: leaseSeenMs } = leadership();
      onlooker?.changed(replica(), leader === null ? "following" : "leading");
      meter?.took(records, { leadingEpoch: leader?.epoch ?? 0, leaseSeenMs, now: clock.now(), silenceOf });
    },
  };
}
