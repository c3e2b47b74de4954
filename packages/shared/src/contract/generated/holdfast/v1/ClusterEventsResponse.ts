// Original file: ../../proto/holdfast/v1/cluster.proto

import type { ClusterEvent as _holdfast_v1_ClusterEvent, ClusterEvent__Output as _holdfast_v1_ClusterEvent__Output } from '../../holdfast/v1/ClusterEvent.ts';

export interface ClusterEventsResponse {
  'events'?: (_holdfast_v1_ClusterEvent)[];
  'revision'?: (string);
}

export interface ClusterEventsResponse__Output {
  'events'?: (_holdfast_v1_ClusterEvent__Output)[];
  'revision'?: (string);
}
