/** Streams of a coordinator, watched: what it puts on the wire and what it reads from it becomes history. */
import type { PeerStream } from "@holdfast/coordinator/peer/peer-links.ts";
import type { OutgoingPeerStream } from "@holdfast/coordinator/ports.ts";
import type { AgentStream } from "@holdfast/coordinator/session/agent-sessions.ts";
import { newsFrom } from "@holdfast/coordinator/session/translate.ts";
import type { StreamListener } from "@holdfast/coordinator/stream/stream.ts";
import type { AgentMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { AttemptReport__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AttemptReport.ts";
import type { CoordinatorMessage } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { PeerMessage, PeerMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/PeerMessage.ts";
import type { History } from "../history.ts";

/** Whose streams these are. Its number ends every epoch in which it leads. */
export interface Watched {
  readonly coordinatorId: string;
  readonly number: number;
  readonly history: History;
}

interface Sender {
  readonly nodeId: string;
  readonly instanceId: string;
  /** null: directly. */
  readonly through: string | null;
}

export function watchedAgentStream(stream: AgentStream, watched: Watched): AgentStream {
  let sender: Sender | null = null;
  return {
    listen: (listener) =>
      stream.listen(
        receiving(listener, (message: AgentMessage__Output) => {
          if (message.hello !== undefined) {
            sender = { nodeId: message.hello.nodeId ?? "", instanceId: message.hello.instanceId ?? "", through: null };
          }
          if (sender !== null) recordHeard(watched, sender, message);
        }),
      ),
    write(message) {
      if (sender !== null) recordTold(watched, sender.nodeId, message);
      return stream.write(message);
    },
    close: () => stream.close(),
    refuse: (error) => stream.refuse(error),
  };
}

/** Of either end of a link. */
export function watchedPeerStream<Kind extends PeerStream | OutgoingPeerStream>(
  stream: Kind,
  peerId: string | null,
  watched: Watched,
): Kind {
  let from = peerId;
  return {
    ...stream,
    listen: (listener: StreamListener<PeerMessage__Output>) =>
      stream.listen(
        receiving(listener, (message) => {
          from = message.hello?.coordinatorId ?? from;
          if (from !== null) recordPeerHeard(watched, from, message);
        }),
      ),
    write(message: PeerMessage) {
      const { toAgent } = message;
      if (toAgent?.message) recordTold(watched, toAgent.nodeId ?? "", toAgent.message);
      return stream.write(message);
    },
    close: () => stream.close(),
    refuse: (error: Parameters<PeerStream["refuse"]>[0]) => "refuse" in stream && stream.refuse(error),
  };
}

function receiving<Message>(
  listener: StreamListener<Message>,
  see: (message: Message) => void,
): StreamListener<Message> {
  return {
    received(message) {
      see(message);
      listener.received(message);
    },
    drained: () => listener.drained(),
    ended: () => listener.ended(),
  };
}

function recordPeerHeard(watched: Watched, peerId: string, message: PeerMessage__Output): void {
  const { history, coordinatorId } = watched;
  const { hearing, fromAgent } = message;
  if (hearing !== undefined) {
    history.record({ kind: "viewHeard", coordinatorId, peerId, silentNodeIds: hearing.silentNodeIds ?? [] });
  }
  if (fromAgent?.message) {
    const { nodeId = "", instanceId = "" } = fromAgent;
    recordHeard(watched, { nodeId, instanceId, through: peerId }, fromAgent.message);
  }
}

function recordHeard(watched: Watched, sender: Sender, message: AgentMessage__Output): void {
  const { history, coordinatorId } = watched;
  const heard = { kind: "heard", coordinatorId, ...sender } as const;
  switch (message.content) {
    case "hello":
      history.record({ ...heard, what: "hello", sequence: 0 });
      return recordReports(watched, sender.nodeId, message.hello?.attempts ?? []);
    case "beat":
      return history.record({ ...heard, what: "beat", sequence: message.beat?.sequence ?? 0 });
    case "reports":
      return recordReports(watched, sender.nodeId, message.reports?.reports ?? []);
    case "farewell": {
      const { nodeId } = sender;
      const returning = message.farewell?.returning ?? false;
      return history.record({ kind: "farewellHeard", coordinatorId, nodeId, returning });
    }
    default:
      return;
  }
}

function recordReports(watched: Watched, nodeId: string, reports: readonly AttemptReport__Output[]): void {
  const { history, coordinatorId } = watched;
  for (const report of reports) {
    const { taskId, attempt, state } = newsFrom(report);
    history.record({ kind: "reportHeard", coordinatorId, nodeId, taskId, attempt, state });
  }
}

/** What a standby passes on carries the leader's epoch, and was told where the leader said it. */
function recordTold(watched: Watched, nodeId: string, message: CoordinatorMessage): void {
  const { history, coordinatorId, number } = watched;
  const { leading, orders, acknowledgements, leaseGrant } = message;
  const epoch = Number(leading?.epoch ?? orders?.epoch ?? acknowledgements?.epoch ?? leaseGrant?.epoch ?? 0);
  if (epoch === 0 || epoch % 1_000 !== number) return;
  const speaker = { coordinatorId, epoch, nodeId };
  if (leading) history.record({ kind: "announced", ...speaker });
  for (const { start, stop } of orders?.orders ?? []) {
    if (start) {
      const { taskId = "", attempt = 0, answersBeat, leaseMs } = start;
      const answers = { answersBeat: Number(answersBeat ?? 0), leaseMs: Number(leaseMs ?? 0) };
      history.record({ kind: "startSent", ...speaker, taskId, attempt, ...answers });
    }
    if (stop) {
      const { taskId = "", attempt = 0, reason = "" } = stop;
      history.record({ kind: "stopSent", ...speaker, taskId, attempt, reason });
    }
  }
  for (const { taskId = "", attempt = 0 } of acknowledgements?.attempts ?? []) {
    history.record({ kind: "acknowledgementSent", ...speaker, taskId, attempt });
  }
  if (leaseGrant) {
    const attempts = (leaseGrant.attempts ?? []).map(({ taskId = "", attempt = 0 }) => ({ taskId, attempt }));
    const answersBeat = Number(leaseGrant.answersBeat ?? 0);
    history.record({ kind: "grantSent", ...speaker, answersBeat, leaseMs: Number(leaseGrant.leaseMs ?? 0), attempts });
  }
}
