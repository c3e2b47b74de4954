// Original file: ../../proto/holdfast/v1/task.proto

import type { Constraint as _holdfast_v1_Constraint, Constraint__Output as _holdfast_v1_Constraint__Output } from '../../holdfast/v1/Constraint.ts';
import type { Resources as _holdfast_v1_Resources, Resources__Output as _holdfast_v1_Resources__Output } from '../../holdfast/v1/Resources.ts';
import type { RetryPolicy as _holdfast_v1_RetryPolicy, RetryPolicy__Output as _holdfast_v1_RetryPolicy__Output } from '../../holdfast/v1/RetryPolicy.ts';
import type { Long } from '@grpc/proto-loader';

export interface TaskSpec {
  'name'?: (string);
  'argv'?: (string)[];
  'script'?: (Buffer | Uint8Array | string);
  'environment'?: ({[key: string]: string});
  'workingDirectory'?: (string);
  'standardInput'?: (Buffer | Uint8Array | string);
  'user'?: (string);
  'timeoutMs'?: (number | string | Long);
  'queueTimeoutMs'?: (number | string | Long);
  'notBeforeMs'?: (number | string | Long);
  'priority'?: (number);
  'labels'?: ({[key: string]: string});
  'constraints'?: (_holdfast_v1_Constraint)[];
  'resources'?: (_holdfast_v1_Resources | null);
  'retry'?: (_holdfast_v1_RetryPolicy | null);
  'stopSignal'?: (string);
  'stopGraceMs'?: (number | string | Long);
  'outputLimitBytes'?: (number | string | Long);
  'exclusive'?: (boolean);
  '_stopGraceMs'?: "stopGraceMs";
}

export interface TaskSpec__Output {
  'name'?: (string);
  'argv'?: (string)[];
  'script'?: (Buffer);
  'environment'?: ({[key: string]: string});
  'workingDirectory'?: (string);
  'standardInput'?: (Buffer);
  'user'?: (string);
  'timeoutMs'?: (number);
  'queueTimeoutMs'?: (number);
  'notBeforeMs'?: (number);
  'priority'?: (number);
  'labels'?: ({[key: string]: string});
  'constraints'?: (_holdfast_v1_Constraint__Output)[];
  'resources'?: (_holdfast_v1_Resources__Output);
  'retry'?: (_holdfast_v1_RetryPolicy__Output);
  'stopSignal'?: (string);
  'stopGraceMs'?: (number);
  'outputLimitBytes'?: (number);
  'exclusive'?: (boolean);
  '_stopGraceMs'?: "stopGraceMs";
}
