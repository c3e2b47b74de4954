// Original file: ../../proto/holdfast/v1/task.proto

import type { AttemptState as _holdfast_v1_AttemptState, AttemptState__Output as _holdfast_v1_AttemptState__Output } from '../../holdfast/v1/AttemptState.ts';
import type { DeviceNumbers as _holdfast_v1_DeviceNumbers, DeviceNumbers__Output as _holdfast_v1_DeviceNumbers__Output } from '../../holdfast/v1/DeviceNumbers.ts';
import type { ResourceUsage as _holdfast_v1_ResourceUsage, ResourceUsage__Output as _holdfast_v1_ResourceUsage__Output } from '../../holdfast/v1/ResourceUsage.ts';
import type { Long } from '@grpc/proto-loader';

export interface Attempt {
  'number'?: (number);
  'nodeId'?: (string);
  'state'?: (_holdfast_v1_AttemptState);
  'reason'?: (string);
  'placedAtMs'?: (number | string | Long);
  'startedAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  'exitCode'?: (number);
  'signal'?: (string);
  'devices'?: ({[key: string]: _holdfast_v1_DeviceNumbers});
  'usage'?: (_holdfast_v1_ResourceUsage | null);
  '_exitCode'?: "exitCode";
}

export interface Attempt__Output {
  'number'?: (number);
  'nodeId'?: (string);
  'state'?: (_holdfast_v1_AttemptState__Output);
  'reason'?: (string);
  'placedAtMs'?: (number);
  'startedAtMs'?: (number);
  'endedAtMs'?: (number);
  'exitCode'?: (number);
  'signal'?: (string);
  'devices'?: ({[key: string]: _holdfast_v1_DeviceNumbers__Output});
  'usage'?: (_holdfast_v1_ResourceUsage__Output);
  '_exitCode'?: "exitCode";
}
