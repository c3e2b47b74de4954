// Original file: ../../proto/holdfast/v1/peer.proto

import type { PeerHello as _holdfast_v1_PeerHello, PeerHello__Output as _holdfast_v1_PeerHello__Output } from '../../holdfast/v1/PeerHello.ts';
import type { HearingView as _holdfast_v1_HearingView, HearingView__Output as _holdfast_v1_HearingView__Output } from '../../holdfast/v1/HearingView.ts';
import type { Resigned as _holdfast_v1_Resigned, Resigned__Output as _holdfast_v1_Resigned__Output } from '../../holdfast/v1/Resigned.ts';
import type { FromAgent as _holdfast_v1_FromAgent, FromAgent__Output as _holdfast_v1_FromAgent__Output } from '../../holdfast/v1/FromAgent.ts';
import type { ToAgent as _holdfast_v1_ToAgent, ToAgent__Output as _holdfast_v1_ToAgent__Output } from '../../holdfast/v1/ToAgent.ts';
import type { OrphanedRecords as _holdfast_v1_OrphanedRecords, OrphanedRecords__Output as _holdfast_v1_OrphanedRecords__Output } from '../../holdfast/v1/OrphanedRecords.ts';
import type { OrphansMerged as _holdfast_v1_OrphansMerged, OrphansMerged__Output as _holdfast_v1_OrphansMerged__Output } from '../../holdfast/v1/OrphansMerged.ts';

export interface PeerMessage {
  'hello'?: (_holdfast_v1_PeerHello | null);
  'hearing'?: (_holdfast_v1_HearingView | null);
  'resigned'?: (_holdfast_v1_Resigned | null);
  'fromAgent'?: (_holdfast_v1_FromAgent | null);
  'toAgent'?: (_holdfast_v1_ToAgent | null);
  'orphanedRecords'?: (_holdfast_v1_OrphanedRecords | null);
  'orphansMerged'?: (_holdfast_v1_OrphansMerged | null);
  'content'?: "hello"|"hearing"|"resigned"|"fromAgent"|"toAgent"|"orphanedRecords"|"orphansMerged";
}

export interface PeerMessage__Output {
  'hello'?: (_holdfast_v1_PeerHello__Output);
  'hearing'?: (_holdfast_v1_HearingView__Output);
  'resigned'?: (_holdfast_v1_Resigned__Output);
  'fromAgent'?: (_holdfast_v1_FromAgent__Output);
  'toAgent'?: (_holdfast_v1_ToAgent__Output);
  'orphanedRecords'?: (_holdfast_v1_OrphanedRecords__Output);
  'orphansMerged'?: (_holdfast_v1_OrphansMerged__Output);
  'content'?: "hello"|"hearing"|"resigned"|"fromAgent"|"toAgent"|"orphanedRecords"|"orphansMerged";
}
