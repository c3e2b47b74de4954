/** The calls of ClusterService. */
import type { Caller, CallOptions } from "./caller.ts";
import { eventFollowPlan } from "./event-follow.ts";
import type * as messages from "./messages.ts";

/** Every method throws HoldfastError. */
export class ClusterClient {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  status(request: messages.ClusterStatusRequest = {}, options?: CallOptions): Promise<messages.ClusterStatusResponse> {
    return this.#caller.read((to, ...call) => to.cluster.Status(...call), request, options);
  }

  /** With `follow` it goes on at another coordinator when one dies. */
  events(
    request: messages.ClusterEventsRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<messages.ClusterEventsResponse, void, undefined> {
    return this.#caller.stream(eventFollowPlan(request), request.follow === true, signal);
  }

  /** A second try would depose the successor. */
  stepDown(request: messages.StepDownRequest, options?: CallOptions): Promise<messages.StepDownResponse> {
    return this.#caller.once((to, ...call) => to.cluster.StepDown(...call), request, options);
  }

  pausePlacement(
    request: messages.PausePlacementRequest,
    options?: CallOptions,
  ): Promise<messages.PausePlacementResponse> {
    return this.#caller.repeatable((to, ...call) => to.cluster.PausePlacement(...call), request, options);
  }

  resumePlacement(options?: CallOptions): Promise<messages.ResumePlacementResponse> {
    return this.#caller.repeatable((to, ...call) => to.cluster.ResumePlacement(...call), {}, options);
  }
}
