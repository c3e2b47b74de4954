// Original file: ../../proto/holdfast/v1/peer.proto

import type { PeerHello as _holdfast_v1_PeerHello, PeerHello__Output as _holdfast_v1_PeerHello__Output } from '../../holdfast/v1/PeerHello.ts';
import type { HearingView as _holdfast_v1_HearingView, HearingView__Output as _holdfast_v1_HearingView__Output } from '../../holdfast/v1/HearingView.ts';
import type { Resigned as _holdfast_v1_Resigned, Resigned__Output as _holdfast_v1_Resigned__Output } from '../../holdfast/v1/Resigned.ts';

export interface PeerMessage {
  'hello'?: (_holdfast_v1_PeerHello | null);
  'hearing'?: (_holdfast_v1_HearingView | null);
  'resigned'?: (_holdfast_v1_Resigned | null);
  'content'?: "hello"|"hearing"|"resigned";
}

export interface PeerMessage__Output {
  'hello'?: (_holdfast_v1_PeerHello__Output);
  'hearing'?: (_holdfast_v1_HearingView__Output);
  'resigned'?: (_holdfast_v1_Resigned__Output);
  'content'?: "hello"|"hearing"|"resigned";
}
