/** The calls of NodeService. */
import type { Caller, CallOptions } from "./caller.ts";
import type * as messages from "./messages.ts";

/** Every method throws HoldfastError. */
export class NodeClient {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  list(request: messages.ListNodesRequest, options?: CallOptions): Promise<messages.ListNodesResponse> {
    return this.#caller.read((to, ...call) => to.nodes.List(...call), request, options);
  }

  /** All pages of a list, one node after the other. */
  async *listAll(
    request: messages.ListNodesRequest,
    options?: CallOptions,
  ): AsyncGenerator<messages.Node, void, undefined> {
    for (let pageToken = request.pageToken ?? ""; ; ) {
      const page = await this.list({ ...request, pageToken }, options);
      yield* page.nodes ?? [];
      pageToken = page.nextPageToken ?? "";
      if (pageToken === "") return;
    }
  }

  get(request: messages.GetNodeRequest, options?: CallOptions): Promise<messages.GetNodeResponse> {
    return this.#caller.read((to, ...call) => to.nodes.Get(...call), request, options);
  }

  cordon(request: messages.CordonNodeRequest, options?: CallOptions): Promise<messages.CordonNodeResponse> {
    return this.#caller.repeatable((to, ...call) => to.nodes.Cordon(...call), request, options);
  }

  uncordon(request: messages.UncordonNodeRequest, options?: CallOptions): Promise<messages.UncordonNodeResponse> {
    return this.#caller.repeatable((to, ...call) => to.nodes.Uncordon(...call), request, options);
  }

  drain(request: messages.DrainNodeRequest, options?: CallOptions): Promise<messages.DrainNodeResponse> {
    return this.#caller.repeatable((to, ...call) => to.nodes.Drain(...call), request, options);
  }

  /** A second try would answer "not found" about a node that the first one removed. */
  remove(request: messages.RemoveNodeRequest, options?: CallOptions): Promise<messages.RemoveNodeResponse> {
    return this.#caller.once((to, ...call) => to.nodes.Remove(...call), request, options);
  }

  /** Vouches that nothing runs on a lost node any more: its exclusive tasks go on elsewhere at once. */
  confirmDead(
    request: messages.ConfirmNodeDeadRequest,
    options?: CallOptions,
  ): Promise<messages.ConfirmNodeDeadResponse> {
    return this.#caller.repeatable((to, ...call) => to.nodes.ConfirmDead(...call), request, options);
  }

  /** What was measured of a node over time, as one of the coordinators heard it. */
  series(request: messages.NodeSeriesRequest, options?: CallOptions): Promise<messages.NodeSeriesResponse> {
    return this.#caller.repeatable((to, ...call) => to.nodes.Series(...call), request, options);
  }

  /** Begins with the present state again, closed by `caughtUp`, when it goes on at another coordinator. */
  watch(
    request: messages.WatchNodesRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<messages.WatchNodesResponse, void, undefined> {
    return this.#caller.stream<messages.WatchNodesResponse>(
      {
        open: (connection, options) => connection.nodes.Watch(request, options),
        accept: (message) => message,
        complete: () => false,
        restart: () => false,
      },
      true,
      signal,
    );
  }
}
