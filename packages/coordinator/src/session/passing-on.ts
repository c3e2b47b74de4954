/**
 * A standby's side of relays: what an agent says that the leader does not hear is passed on to the leader as it comes, and what
 * the leader has for that agent is carried down on its stream.
 *
 * Reports are passed on whether the leader hears the agent or not: an agent takes for the leader whoever brought it the
 * leader's last word.
 */
import type { AgentMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { CoordinatorMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { FromAgent } from "@holdfast/shared/contract/generated/holdfast/v1/FromAgent.ts";
import { newsFrom } from "./translate.ts";

export interface PassingOnParts {
  /** Of the coordinator that leads as far as it tells; "": none does. */
  readonly leaderId: () => string;
  /** The leader has said lately that it does not hear this node, or has not got to know it in the time that we have. */
  readonly isMissed: (nodeId: string, sessionAgeMs: number) => boolean;
  /** False when there is no link to that coordinator: the message is lost. */
  readonly sendTo: (coordinatorId: string, message: FromAgent, roughBytes: number) => boolean;
}

const reportBytes = 300;
const helloBytes = 8 * 1024;

/** @throws HoldfastError (invalidArgument) when the leader could not take it */
export function passOn(
  parts: PassingOnParts,
  sender: { readonly nodeId: string; readonly instanceId: string; readonly sessionAgeMs: number },
  message: AgentMessage__Output,
): void {
  const { nodeId, instanceId, sessionAgeMs } = sender;
  const reports = message.hello?.attempts ?? message.reports?.reports ?? [];
  switch (message.content) {
    case "reports":
      for (const report of reports) newsFrom(report);
      break;
    case "hello":
    case "beat":
    case "farewell":
    case "epochRefused":
      if (!parts.isMissed(nodeId, sessionAgeMs)) return;
      break;
    default:
      return;
  }
  const leaderId = parts.leaderId();
  if (leaderId === "") return;
  let bytes = message.content === "hello" ? helloBytes : 0;
  for (const { outputTail, reason = "" } of reports) bytes += reportBytes + reason.length + (outputTail?.length ?? 0);
  parts.sendTo(leaderId, { nodeId, instanceId, message }, bytes);
}

/** What a leader may have carried to an agent: nothing that belongs to the stream itself. */
export function isForAgent({ content }: CoordinatorMessage__Output): boolean {
  return content === "orders" || content === "acknowledgements" || content === "leading" || content === "leaseGrant";
}
