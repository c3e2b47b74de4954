/** A real gRPC server that speaks the contract and answers as a test tells it to. What is not told is UNIMPLEMENTED. */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { ClusterServiceHandlers } from "../../contract/generated/holdfast/v1/ClusterService.ts";
import type { NodeServiceHandlers } from "../../contract/generated/holdfast/v1/NodeService.ts";
import type { TaskServiceHandlers } from "../../contract/generated/holdfast/v1/TaskService.ts";
import { clusterServiceDefinition, nodeServiceDefinition, taskServiceDefinition } from "../../contract/load.ts";

/** An index signature would hide misspelt names. */
type Handlers<Service> = { [Method in keyof Service as string extends Method ? never : Method]?: Service[Method] };

export interface Script {
  readonly tasks?: Handlers<TaskServiceHandlers>;
  readonly nodes?: Handlers<NodeServiceHandlers>;
  readonly cluster?: Handlers<ClusterServiceHandlers>;
}

export interface ScriptedCoordinator {
  readonly address: string;
  /** At once, as when the process is killed: streams and calls break. */
  kill(): void;
}

/** @param port 0 for a free one */
export async function startScriptedCoordinator(script: Script, port = 0): Promise<ScriptedCoordinator> {
  const server = new Server();
  server.addService(taskServiceDefinition, { ...script.tasks });
  server.addService(nodeServiceDefinition, { ...script.nodes });
  server.addService(clusterServiceDefinition, { ...script.cluster });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, boundPort) => {
      if (error === null) resolve(boundPort);
      else reject(error);
    });
  });
  return { address: `127.0.0.1:${bound}`, kill: () => server.forceShutdown() };
}
