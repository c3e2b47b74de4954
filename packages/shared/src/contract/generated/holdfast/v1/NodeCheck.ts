// Original file: ../../proto/holdfast/v1/node.proto

import type { Health as _holdfast_v1_Health, Health__Output as _holdfast_v1_Health__Output } from '../../holdfast/v1/Health.ts';
import type { Long } from '@grpc/proto-loader';

export interface NodeCheck {
  'name'?: (string);
  'health'?: (_holdfast_v1_Health);
  'reason'?: (string);
  'suggestedAction'?: (string);
  'sinceMs'?: (number | string | Long);
  'checkedAtMs'?: (number | string | Long);
}

export interface NodeCheck__Output {
  'name'?: (string);
  'health'?: (_holdfast_v1_Health__Output);
  'reason'?: (string);
  'suggestedAction'?: (string);
  'sinceMs'?: (number);
  'checkedAtMs'?: (number);
}
