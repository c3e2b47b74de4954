// Original file: ../../proto/holdfast/v1/agent.proto

import type { TaskLogsResponse as _holdfast_v1_TaskLogsResponse, TaskLogsResponse__Output as _holdfast_v1_TaskLogsResponse__Output } from '../../holdfast/v1/TaskLogsResponse.ts';
import type { Long } from '@grpc/proto-loader';

export interface OutputChunk {
  'requestNumber'?: (number | string | Long);
  'pieces'?: (_holdfast_v1_TaskLogsResponse)[];
  'end'?: (boolean);
  'error'?: (string);
}

export interface OutputChunk__Output {
  'requestNumber'?: (number);
  'pieces'?: (_holdfast_v1_TaskLogsResponse__Output)[];
  'end'?: (boolean);
  'error'?: (string);
}
