// Original file: ../../proto/holdfast/v1/agent.proto

import type { Hello as _holdfast_v1_Hello, Hello__Output as _holdfast_v1_Hello__Output } from '../../holdfast/v1/Hello.ts';
import type { Beat as _holdfast_v1_Beat, Beat__Output as _holdfast_v1_Beat__Output } from '../../holdfast/v1/Beat.ts';
import type { AttemptReports as _holdfast_v1_AttemptReports, AttemptReports__Output as _holdfast_v1_AttemptReports__Output } from '../../holdfast/v1/AttemptReports.ts';
import type { NodeMetrics as _holdfast_v1_NodeMetrics, NodeMetrics__Output as _holdfast_v1_NodeMetrics__Output } from '../../holdfast/v1/NodeMetrics.ts';
import type { Farewell as _holdfast_v1_Farewell, Farewell__Output as _holdfast_v1_Farewell__Output } from '../../holdfast/v1/Farewell.ts';
import type { OutputChunk as _holdfast_v1_OutputChunk, OutputChunk__Output as _holdfast_v1_OutputChunk__Output } from '../../holdfast/v1/OutputChunk.ts';
import type { EpochRefused as _holdfast_v1_EpochRefused, EpochRefused__Output as _holdfast_v1_EpochRefused__Output } from '../../holdfast/v1/EpochRefused.ts';
import type { NodeChecks as _holdfast_v1_NodeChecks, NodeChecks__Output as _holdfast_v1_NodeChecks__Output } from '../../holdfast/v1/NodeChecks.ts';

export interface AgentMessage {
  'hello'?: (_holdfast_v1_Hello | null);
  'beat'?: (_holdfast_v1_Beat | null);
  'reports'?: (_holdfast_v1_AttemptReports | null);
  'metrics'?: (_holdfast_v1_NodeMetrics | null);
  'farewell'?: (_holdfast_v1_Farewell | null);
  'output'?: (_holdfast_v1_OutputChunk | null);
  'epochRefused'?: (_holdfast_v1_EpochRefused | null);
  'checks'?: (_holdfast_v1_NodeChecks | null);
  'content'?: "hello"|"beat"|"reports"|"metrics"|"farewell"|"output"|"epochRefused"|"checks";
}

export interface AgentMessage__Output {
  'hello'?: (_holdfast_v1_Hello__Output);
  'beat'?: (_holdfast_v1_Beat__Output);
  'reports'?: (_holdfast_v1_AttemptReports__Output);
  'metrics'?: (_holdfast_v1_NodeMetrics__Output);
  'farewell'?: (_holdfast_v1_Farewell__Output);
  'output'?: (_holdfast_v1_OutputChunk__Output);
  'epochRefused'?: (_holdfast_v1_EpochRefused__Output);
  'checks'?: (_holdfast_v1_NodeChecks__Output);
  'content'?: "hello"|"beat"|"reports"|"metrics"|"farewell"|"output"|"epochRefused"|"checks";
}
