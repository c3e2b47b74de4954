import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { HearingView as _holdfast_v1_HearingView, HearingView__Output as _holdfast_v1_HearingView__Output } from './holdfast/v1/HearingView.ts';
import type { PeerHello as _holdfast_v1_PeerHello, PeerHello__Output as _holdfast_v1_PeerHello__Output } from './holdfast/v1/PeerHello.ts';
import type { PeerMessage as _holdfast_v1_PeerMessage, PeerMessage__Output as _holdfast_v1_PeerMessage__Output } from './holdfast/v1/PeerMessage.ts';
import type { PeerServiceClient as _holdfast_v1_PeerServiceClient, PeerServiceDefinition as _holdfast_v1_PeerServiceDefinition } from './holdfast/v1/PeerService.ts';
import type { Resigned as _holdfast_v1_Resigned, Resigned__Output as _holdfast_v1_Resigned__Output } from './holdfast/v1/Resigned.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  holdfast: {
    v1: {
      HearingView: MessageTypeDefinition<_holdfast_v1_HearingView, _holdfast_v1_HearingView__Output>
      PeerHello: MessageTypeDefinition<_holdfast_v1_PeerHello, _holdfast_v1_PeerHello__Output>
      PeerMessage: MessageTypeDefinition<_holdfast_v1_PeerMessage, _holdfast_v1_PeerMessage__Output>
      PeerService: SubtypeConstructor<typeof grpc.Client, _holdfast_v1_PeerServiceClient> & { service: _holdfast_v1_PeerServiceDefinition }
      Resigned: MessageTypeDefinition<_holdfast_v1_Resigned, _holdfast_v1_Resigned__Output>
    }
  }
}

