/** The two protocols of the cluster, each message through the codec that production uses. */
import type {
  AgentMessage,
  AgentMessage__Output,
} from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type {
  CoordinatorMessage,
  CoordinatorMessage__Output,
} from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { PeerMessage, PeerMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/PeerMessage.ts";
import { agentServiceDefinition, peerServiceDefinition } from "@holdfast/shared/contract/load.ts";
import type { Protocol } from "../network/connection.ts";

const { Session } = agentServiceDefinition;
const { Link } = peerServiceDefinition;

export const agentProtocol: Protocol<
  AgentMessage,
  AgentMessage__Output,
  CoordinatorMessage,
  CoordinatorMessage__Output
> = {
  up: { encode: Session.requestSerialize, decode: Session.requestDeserialize },
  down: { encode: Session.responseSerialize, decode: Session.responseDeserialize },
};

export const peerProtocol: Protocol<PeerMessage, PeerMessage__Output, PeerMessage, PeerMessage__Output> = {
  up: { encode: Link.requestSerialize, decode: Link.requestDeserialize },
  down: { encode: Link.responseSerialize, decode: Link.responseDeserialize },
};
