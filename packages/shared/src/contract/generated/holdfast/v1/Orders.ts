// Original file: ../../proto/holdfast/v1/agent.proto

import type { Order as _holdfast_v1_Order, Order__Output as _holdfast_v1_Order__Output } from '../../holdfast/v1/Order.ts';
import type { Long } from '@grpc/proto-loader';

export interface Orders {
  'epoch'?: (number | string | Long);
  'orders'?: (_holdfast_v1_Order)[];
}

export interface Orders__Output {
  'epoch'?: (number);
  'orders'?: (_holdfast_v1_Order__Output)[];
}
