// Original file: ../../proto/holdfast/v1/agent.proto

import type { AttemptState as _holdfast_v1_AttemptState, AttemptState__Output as _holdfast_v1_AttemptState__Output } from '../../holdfast/v1/AttemptState.ts';
import type { ResourceUsage as _holdfast_v1_ResourceUsage, ResourceUsage__Output as _holdfast_v1_ResourceUsage__Output } from '../../holdfast/v1/ResourceUsage.ts';
import type { Long } from '@grpc/proto-loader';

export interface AttemptReport {
  'taskId'?: (string);
  'attempt'?: (number);
  'state'?: (_holdfast_v1_AttemptState);
  'reason'?: (string);
  'startedAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  'exitCode'?: (number);
  'signal'?: (string);
  'outputTail'?: (Buffer | Uint8Array | string);
  'usage'?: (_holdfast_v1_ResourceUsage | null);
  '_exitCode'?: "exitCode";
}

export interface AttemptReport__Output {
  'taskId'?: (string);
  'attempt'?: (number);
  'state'?: (_holdfast_v1_AttemptState__Output);
  'reason'?: (string);
  'startedAtMs'?: (number);
  'endedAtMs'?: (number);
  'exitCode'?: (number);
  'signal'?: (string);
  'outputTail'?: (Buffer);
  'usage'?: (_holdfast_v1_ResourceUsage__Output);
  '_exitCode'?: "exitCode";
}
