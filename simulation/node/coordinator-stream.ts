/** An agent's stream to a coordinator, on the simulated network. What the agent tells of its attempts becomes history. */
import type { CoordinatorStream } from "@holdfast/agent/session/stream.ts";
import { newsFrom } from "@holdfast/coordinator/session/translate.ts";
import type { AgentMessage } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { AttemptReport } from "@holdfast/shared/contract/generated/holdfast/v1/AttemptReport.ts";
import type { AttemptState__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AttemptState.ts";
import { agentProtocol } from "../cluster/protocols.ts";
import type { History } from "../history.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import { dial } from "../network/connection.ts";
import type { Network } from "../network/network.ts";

export interface Teller {
  readonly nodeId: string;
  readonly instanceId: string;
  readonly history: History;
}

export function dialCoordinator(
  network: Network,
  process: SimulatedProcess,
  address: string,
  teller: Teller,
): CoordinatorStream {
  let opened = () => {};
  let closed = false;
  const end = dial(network, process, { address, service: "agent" }, agentProtocol, () => opened());
  return {
    listen(listener) {
      opened = () => listener.opened();
      end.listen({
        received: (message) => listener.received(message),
        drained: () => listener.drained(),
        ended: () => closed || listener.ended("the stream has ended"),
      });
    },
    write(message) {
      for (const report of reportsIn(message)) record(teller, address, report);
      return end.write(message);
    },
    end: () => end.finishWriting(),
    close() {
      closed = true;
      end.close();
    },
  };
}

function reportsIn({ hello, reports }: AgentMessage): readonly AttemptReport[] {
  return hello?.attempts ?? reports?.reports ?? [];
}

function record({ nodeId, instanceId, history }: Teller, coordinator: string, report: AttemptReport): void {
  const { taskId = "", attempt = 0, reason = "" } = report;
  const { state } = newsFrom({ taskId, attempt, state: report.state as AttemptState__Output });
  history.record({ kind: "reportSent", nodeId, instanceId, coordinator, taskId, attempt, state, reason });
}
