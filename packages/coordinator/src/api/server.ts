/**
 * The gRPC server of a coordinator: the services that it is given, health, and reflection, so that any generic client
 * works.
 */
import {
  Server,
  type ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { serverOptions } from "@holdfast/shared/contract/channel-options.ts";
import { serviceNameOf } from "@holdfast/shared/contract/load.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { HealthImplementation } from "grpc-health-check";
import { reflectionService } from "./reflection.ts";
import { strictly } from "./strict-decoding.ts";

/** How long calls under way get when the server stops. */
const stopGraceMs = 5_000;

export interface ServedService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
  /**
   * Its handlers are wrapped by `call.ts`: requests are read strictly, and one that cannot be read reaches the wrapper
   * as `Malformed`.
   */
  readonly strict: boolean;
}

export interface Listening {
  /** As it was asked for, with the port that was chosen for 0. */
  readonly host: string;
  readonly port: number;
}

export class ApiServer {
  readonly #server = new Server(serverOptions);
  readonly #health: HealthImplementation;
  readonly #names: readonly string[];

  constructor(services: readonly ServedService[]) {
    for (const { definition, implementation, strict } of services) {
      this.#server.addService(strict ? strictDefinition(definition) : definition, implementation);
    }
    this.#names = ["", ...services.map(({ definition }) => serviceNameOf(definition))];
    this.#health = new HealthImplementation(Object.fromEntries(this.#names.map((name) => [name, "NOT_SERVING"])));
    this.#health.addToServer(this.#server);
    reflectionService().addToServer(this.#server);
  }

  /**
   * @param port 0 for any free one.
   * @throws HoldfastError (failedPrecondition) when the address is in use, not this machine's, or not allowed.
   */
  async listen(host: string, port: number, credentials: ServerCredentials): Promise<Listening> {
    const address = host.includes(":") && !host.startsWith("[") ? `[${host}]:${port}` : `${host}:${port}`;
    const bound = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync(address, credentials, (error, boundPort) => {
        if (error === null) resolve(boundPort);
        else
          reject(
            new HoldfastError("failedPrecondition", `cannot listen on ${address}: ${reasonOf(error)}`, {
              cause: error,
            }),
          );
      });
    });
    return { host, port: bound };
  }

  /** What health checks are told: whether the replica is loaded, so that this coordinator can answer. */
  setServing(serving: boolean): void {
    for (const name of this.#names) this.#health.setStatus(name, serving ? "SERVING" : "NOT_SERVING");
  }

  /**
   * Takes no more calls and waits for those under way, a few seconds at most. Whoever holds streams open ends them first:
   * the library would wait for them.
   */
  async stop(graceMs = stopGraceMs): Promise<void> {
    this.setServing(false);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#server.forceShutdown(), graceMs);
      this.#server.tryShutdown(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function strictDefinition(definition: ServiceDefinition): ServiceDefinition {
  const methods = Object.entries(definition).map(([name, method]) => [
    name,
    { ...method, requestDeserialize: strictly(method.requestDeserialize) },
  ]);
  return Object.fromEntries(methods);
}

function reasonOf(error: Error): string {
  if (error.message.includes("EADDRINUSE")) return "the port is in use; stop what listens there, or choose another";
  if (error.message.includes("EADDRNOTAVAIL")) return "the address is not one of this machine's";
  if (error.message.includes("EACCES")) return "this port needs more rights; choose one above 1023";
  if (error.message.includes("ENOTFOUND") || error.message.includes("resolution")) return "there is no such host";
  return error.message;
}
