// Original file: ../../proto/holdfast/v1/node.proto

import type { Resources as _holdfast_v1_Resources, Resources__Output as _holdfast_v1_Resources__Output } from '../../holdfast/v1/Resources.ts';
import type { Gpu as _holdfast_v1_Gpu, Gpu__Output as _holdfast_v1_Gpu__Output } from '../../holdfast/v1/Gpu.ts';
import type { Long } from '@grpc/proto-loader';

export interface Inventory {
  'hostname'?: (string);
  'os'?: (string);
  'kernel'?: (string);
  'arch'?: (string);
  'cpuModel'?: (string);
  'cpuCores'?: (number);
  'memoryBytes'?: (number | string | Long);
  'swapBytes'?: (number | string | Long);
  'allocatable'?: (_holdfast_v1_Resources | null);
  'gpus'?: (_holdfast_v1_Gpu)[];
  'manufacturer'?: (string);
  'model'?: (string);
  'virtualization'?: (string);
}

export interface Inventory__Output {
  'hostname'?: (string);
  'os'?: (string);
  'kernel'?: (string);
  'arch'?: (string);
  'cpuModel'?: (string);
  'cpuCores'?: (number);
  'memoryBytes'?: (number);
  'swapBytes'?: (number);
  'allocatable'?: (_holdfast_v1_Resources__Output);
  'gpus'?: (_holdfast_v1_Gpu__Output)[];
  'manufacturer'?: (string);
  'model'?: (string);
  'virtualization'?: (string);
}
