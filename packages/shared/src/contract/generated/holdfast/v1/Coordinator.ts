// Original file: ../../proto/holdfast/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface Coordinator {
  'id'?: (string);
  'address'?: (string);
  'leads'?: (boolean);
  'reachable'?: (boolean);
  'revision'?: (string);
  'startedAtMs'?: (number | string | Long);
  'version'?: (string);
}

export interface Coordinator__Output {
  'id'?: (string);
  'address'?: (string);
  'leads'?: (boolean);
  'reachable'?: (boolean);
  'revision'?: (string);
  'startedAtMs'?: (number);
  'version'?: (string);
}
