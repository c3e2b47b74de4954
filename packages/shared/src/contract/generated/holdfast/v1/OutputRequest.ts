// Original file: ../../proto/holdfast/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface OutputRequest {
  'requestNumber'?: (number | string | Long);
  'taskId'?: (string);
  'attempt'?: (number);
  'follow'?: (boolean);
  'tailBytes'?: (number | string | Long);
  'cancel'?: (boolean);
}

export interface OutputRequest__Output {
  'requestNumber'?: (number);
  'taskId'?: (string);
  'attempt'?: (number);
  'follow'?: (boolean);
  'tailBytes'?: (number);
  'cancel'?: (boolean);
}
