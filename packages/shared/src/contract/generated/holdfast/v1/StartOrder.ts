// Original file: ../../proto/holdfast/v1/agent.proto

import type { TaskSpec as _holdfast_v1_TaskSpec, TaskSpec__Output as _holdfast_v1_TaskSpec__Output } from '../../holdfast/v1/TaskSpec.ts';
import type { DeviceNumbers as _holdfast_v1_DeviceNumbers, DeviceNumbers__Output as _holdfast_v1_DeviceNumbers__Output } from '../../holdfast/v1/DeviceNumbers.ts';
import type { Long } from '@grpc/proto-loader';

export interface StartOrder {
  'taskId'?: (string);
  'attempt'?: (number);
  'namespace'?: (string);
  'spec'?: (_holdfast_v1_TaskSpec | null);
  'answersBeat'?: (number | string | Long);
  'instanceId'?: (string);
  'validForMs'?: (number | string | Long);
  'devices'?: ({[key: string]: _holdfast_v1_DeviceNumbers});
  'leaseMs'?: (number | string | Long);
}

export interface StartOrder__Output {
  'taskId'?: (string);
  'attempt'?: (number);
  'namespace'?: (string);
  'spec'?: (_holdfast_v1_TaskSpec__Output);
  'answersBeat'?: (number);
  'instanceId'?: (string);
  'validForMs'?: (number);
  'devices'?: ({[key: string]: _holdfast_v1_DeviceNumbers__Output});
  'leaseMs'?: (number);
}
