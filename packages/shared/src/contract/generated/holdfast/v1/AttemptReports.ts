// Original file: ../../proto/holdfast/v1/agent.proto

import type { AttemptReport as _holdfast_v1_AttemptReport, AttemptReport__Output as _holdfast_v1_AttemptReport__Output } from '../../holdfast/v1/AttemptReport.ts';

export interface AttemptReports {
  'reports'?: (_holdfast_v1_AttemptReport)[];
}

export interface AttemptReports__Output {
  'reports'?: (_holdfast_v1_AttemptReport__Output)[];
}
