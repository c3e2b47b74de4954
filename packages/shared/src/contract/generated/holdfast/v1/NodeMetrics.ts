// Original file: ../../proto/holdfast/v1/node.proto

import type { DiskMetrics as _holdfast_v1_DiskMetrics, DiskMetrics__Output as _holdfast_v1_DiskMetrics__Output } from '../../holdfast/v1/DiskMetrics.ts';
import type { InterfaceMetrics as _holdfast_v1_InterfaceMetrics, InterfaceMetrics__Output as _holdfast_v1_InterfaceMetrics__Output } from '../../holdfast/v1/InterfaceMetrics.ts';
import type { GpuMetrics as _holdfast_v1_GpuMetrics, GpuMetrics__Output as _holdfast_v1_GpuMetrics__Output } from '../../holdfast/v1/GpuMetrics.ts';
import type { RoundTrip as _holdfast_v1_RoundTrip, RoundTrip__Output as _holdfast_v1_RoundTrip__Output } from '../../holdfast/v1/RoundTrip.ts';
import type { Long } from '@grpc/proto-loader';

export interface NodeMetrics {
  'measuredAtMs'?: (number | string | Long);
  'cpuUsed'?: (number | string);
  'load1'?: (number | string);
  'load5'?: (number | string);
  'load15'?: (number | string);
  'memoryUsedBytes'?: (number | string | Long);
  'memoryAvailableBytes'?: (number | string | Long);
  'swapUsedBytes'?: (number | string | Long);
  'pressureCpu'?: (number | string);
  'pressureMemory'?: (number | string);
  'pressureIo'?: (number | string);
  'disks'?: (_holdfast_v1_DiskMetrics)[];
  'interfaces'?: (_holdfast_v1_InterfaceMetrics)[];
  'gpus'?: (_holdfast_v1_GpuMetrics)[];
  'roundTrips'?: (_holdfast_v1_RoundTrip)[];
  'processes'?: (number);
  'agentResidentBytes'?: (number | string | Long);
}

export interface NodeMetrics__Output {
  'measuredAtMs'?: (number);
  'cpuUsed'?: (number);
  'load1'?: (number);
  'load5'?: (number);
  'load15'?: (number);
  'memoryUsedBytes'?: (number);
  'memoryAvailableBytes'?: (number);
  'swapUsedBytes'?: (number);
  'pressureCpu'?: (number);
  'pressureMemory'?: (number);
  'pressureIo'?: (number);
  'disks'?: (_holdfast_v1_DiskMetrics__Output)[];
  'interfaces'?: (_holdfast_v1_InterfaceMetrics__Output)[];
  'gpus'?: (_holdfast_v1_GpuMetrics__Output)[];
  'roundTrips'?: (_holdfast_v1_RoundTrip__Output)[];
  'processes'?: (number);
  'agentResidentBytes'?: (number);
}
