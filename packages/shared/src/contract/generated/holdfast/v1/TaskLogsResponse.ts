// Original file: ../../proto/holdfast/v1/task.proto

import type { Long } from '@grpc/proto-loader';

// Original file: ../../proto/holdfast/v1/task.proto

export const _holdfast_v1_TaskLogsResponse_Source = {
  SOURCE_UNSPECIFIED: 'SOURCE_UNSPECIFIED',
  SOURCE_NODE: 'SOURCE_NODE',
  SOURCE_REPORT: 'SOURCE_REPORT',
} as const;

export type _holdfast_v1_TaskLogsResponse_Source =
  | 'SOURCE_UNSPECIFIED'
  | 0
  | 'SOURCE_NODE'
  | 1
  | 'SOURCE_REPORT'
  | 2

export type _holdfast_v1_TaskLogsResponse_Source__Output = typeof _holdfast_v1_TaskLogsResponse_Source[keyof typeof _holdfast_v1_TaskLogsResponse_Source]

// Original file: ../../proto/holdfast/v1/task.proto

export const _holdfast_v1_TaskLogsResponse_Stream = {
  STREAM_UNSPECIFIED: 'STREAM_UNSPECIFIED',
  STREAM_STDOUT: 'STREAM_STDOUT',
  STREAM_STDERR: 'STREAM_STDERR',
} as const;

export type _holdfast_v1_TaskLogsResponse_Stream =
  | 'STREAM_UNSPECIFIED'
  | 0
  | 'STREAM_STDOUT'
  | 1
  | 'STREAM_STDERR'
  | 2

export type _holdfast_v1_TaskLogsResponse_Stream__Output = typeof _holdfast_v1_TaskLogsResponse_Stream[keyof typeof _holdfast_v1_TaskLogsResponse_Stream]

export interface TaskLogsResponse {
  'data'?: (Buffer | Uint8Array | string);
  'stream'?: (_holdfast_v1_TaskLogsResponse_Stream);
  'source'?: (_holdfast_v1_TaskLogsResponse_Source);
  'attempt'?: (number);
  'writtenAtMs'?: (number | string | Long);
  'skippedBytes'?: (number | string | Long);
}

export interface TaskLogsResponse__Output {
  'data'?: (Buffer);
  'stream'?: (_holdfast_v1_TaskLogsResponse_Stream__Output);
  'source'?: (_holdfast_v1_TaskLogsResponse_Source__Output);
  'attempt'?: (number);
  'writtenAtMs'?: (number);
  'skippedBytes'?: (number);
}
