/** The public API put together: the services that submitters and operators call. */
import type { ChannelCredentials } from "@grpc/grpc-js";
import {
  clusterServiceDefinition,
  nodeServiceDefinition,
  taskServiceDefinition,
} from "@holdfast/shared/contract/load.ts";
import type { Log } from "@holdfast/shared/log.ts";
import type { Backend } from "./backend.ts";
import type { CallSettings } from "./call.ts";
import { clusterService } from "./cluster-service.ts";
import { Forwarder } from "./forward.ts";
import type { IdGenerator } from "./ids.ts";
import { nodeService } from "./node-service.ts";
import type { ServedService } from "./server.ts";
import { taskService } from "./task-service.ts";

const defaultSlowReaderMs = 30_000;

export interface ApiParts {
  readonly backend: Backend;
  readonly ids: IdGenerator;
  readonly log: Log;
  /** For passing writes on to the leader. */
  readonly peerCredentials: ChannelCredentials;
  /** A stream whose client takes nothing for so long is ended. */
  readonly slowReaderMs?: number;
}

export interface Api {
  readonly services: readonly ServedService[];
  /** Ends all streams and closes the connection to the leader. Call before the server stops. */
  close(): void;
}

export function createApi({ backend, ids, log, peerCredentials, slowReaderMs = defaultSlowReaderMs }: ApiParts): Api {
  const stopping = new AbortController();
  const settings: CallSettings = { log, stopping: stopping.signal, slowReaderMs };
  const forwarder = new Forwarder(backend, peerCredentials);
  const services: ServedService[] = [
    { definition: taskServiceDefinition, implementation: taskService(backend, forwarder, ids, settings), strict: true },
    { definition: nodeServiceDefinition, implementation: nodeService(backend, forwarder, settings), strict: true },
    {
      definition: clusterServiceDefinition,
      implementation: clusterService(backend, forwarder, settings),
      strict: true,
    },
  ];
  return {
    services,
    close: () => {
      stopping.abort();
      forwarder.close();
    },
  };
}
