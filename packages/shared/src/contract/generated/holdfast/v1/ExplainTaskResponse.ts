// Original file: ../../proto/holdfast/v1/task.proto

import type { NodeVerdict as _holdfast_v1_NodeVerdict, NodeVerdict__Output as _holdfast_v1_NodeVerdict__Output } from '../../holdfast/v1/NodeVerdict.ts';
import type { ReadInfo as _holdfast_v1_ReadInfo, ReadInfo__Output as _holdfast_v1_ReadInfo__Output } from '../../holdfast/v1/ReadInfo.ts';
import type { Long } from '@grpc/proto-loader';

export interface ExplainTaskResponse {
  'summary'?: (string);
  'nodes'?: (_holdfast_v1_NodeVerdict)[];
  'remedies'?: (string)[];
  'queuePosition'?: (number | string | Long);
  'read'?: (_holdfast_v1_ReadInfo | null);
}

export interface ExplainTaskResponse__Output {
  'summary'?: (string);
  'nodes'?: (_holdfast_v1_NodeVerdict__Output)[];
  'remedies'?: (string)[];
  'queuePosition'?: (number);
  'read'?: (_holdfast_v1_ReadInfo__Output);
}
