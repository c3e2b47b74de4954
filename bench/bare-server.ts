/**
 * What @grpc/grpc-js alone makes of the agents' sessions: a server that decodes every message, greets, answers metrics with
 * their echo as a coordinator does, and does nothing else. It ends with the benchmark that started it.
 *
 *   fork("bare-server.ts", [JSON of { listen: "host:port" }])
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Server, type ServerDuplexStream } from "@grpc/grpc-js";
import { serverOptions } from "@holdfast/shared/contract/channel-options.ts";
import type { AgentMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { CoordinatorMessage } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import { agentServiceDefinition } from "@holdfast/shared/contract/load.ts";
import { serverCredentials } from "@holdfast/shared/tls.ts";
import { delayResolutionMs, type FromServer, type ToServer } from "./cluster/server-messages.ts";

const { listen }: { listen: string } = JSON.parse(process.argv[2] ?? "{}");
// The coordinator is measured with its own running, so this one costs the same here.
const delays = monitorEventLoopDelay({ resolution: delayResolutionMs });
delays.enable();

function session(stream: ServerDuplexStream<AgentMessage__Output, CoordinatorMessage>): void {
  stream.on("data", ({ content, metrics }: AgentMessage__Output) => {
    if (content === "hello") stream.write({ welcome: { coordinatorId: "bare", protocolRevision: 1 } });
    else if (content === "metrics") stream.write({ echo: { measuredAtMs: metrics?.measuredAtMs ?? 0 } });
  });
  stream.on("end", () => stream.end());
  stream.on("error", () => stream.end());
}

function say(message: FromServer): void {
  process.send?.(message);
}

const server = new Server(serverOptions);
server.addService(agentServiceDefinition, { session });
server.bindAsync(listen, serverCredentials(null), (error) => {
  if (error !== null) throw error;
  say({ kind: "listening" });
});
process.on("message", (message: ToServer) => {
  if (message.kind === "loopDelay") say({ kind: "loopDelay", p99Ms: delays.percentile(99) / 1e6 - delayResolutionMs });
  delays.reset();
});
process.on("disconnect", () => process.exit());
