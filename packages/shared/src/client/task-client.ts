/** The calls of TaskService. */
import type { Caller, CallOptions } from "./caller.ts";
import { logFollowPlan } from "./log-follow.ts";
import type * as messages from "./messages.ts";
import { taskWatchPlan } from "./task-watch.ts";

/** Namespaces are filled in where a request has none; every method throws HoldfastError. */
export class TaskClient {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Repeated at other coordinators under the same request id, which is made up where there is none. */
  submit(request: messages.SubmitTaskRequest, options?: CallOptions): Promise<messages.SubmitTaskResponse> {
    return this.#caller.repeatable(
      (to, ...call) => to.tasks.Submit(...call),
      this.#caller.identified(request),
      options,
    );
  }

  /** At most 1,000 tasks and 1 MiB; `submitInPieces` takes any number. */
  submitBatch(
    request: messages.SubmitTaskBatchRequest,
    options?: CallOptions,
  ): Promise<messages.SubmitTaskBatchResponse> {
    return this.#caller.repeatable(
      (to, ...call) => to.tasks.SubmitBatch(...call),
      this.#caller.identified(request),
      options,
    );
  }

  get(request: messages.GetTaskRequest, options?: CallOptions): Promise<messages.GetTaskResponse> {
    return this.#caller.read((to, ...call) => to.tasks.Get(...call), this.#caller.inNamespace(request), options);
  }

  getBatch(request: messages.GetTaskBatchRequest, options?: CallOptions): Promise<messages.GetTaskBatchResponse> {
    return this.#caller.read((to, ...call) => to.tasks.GetBatch(...call), this.#caller.inNamespace(request), options);
  }

  list(request: messages.ListTasksRequest, options?: CallOptions): Promise<messages.ListTasksResponse> {
    return this.#caller.read((to, ...call) => to.tasks.List(...call), this.#caller.inNamespace(request), options);
  }

  /** All pages of a list, one task after the other. */
  async *listAll(
    request: messages.ListTasksRequest,
    options?: CallOptions,
  ): AsyncGenerator<messages.Task, void, undefined> {
    for (let pageToken = request.pageToken ?? ""; ; ) {
      const page = await this.list({ ...request, pageToken }, options);
      yield* page.tasks ?? [];
      pageToken = page.nextPageToken ?? "";
      if (pageToken === "") return;
    }
  }

  cancel(request: messages.CancelTasksRequest, options?: CallOptions): Promise<messages.CancelTasksResponse> {
    return this.#caller.repeatable(
      (to, ...call) => to.tasks.Cancel(...call),
      this.#caller.inNamespace(request),
      options,
    );
  }

  retry(request: messages.RetryTaskRequest, options?: CallOptions): Promise<messages.RetryTaskResponse> {
    return this.#caller.repeatable((to, ...call) => to.tasks.Retry(...call), this.#caller.identified(request), options);
  }

  hold(request: messages.HoldTaskRequest, options?: CallOptions): Promise<messages.HoldTaskResponse> {
    return this.#caller.repeatable((to, ...call) => to.tasks.Hold(...call), this.#caller.inNamespace(request), options);
  }

  release(request: messages.ReleaseTaskRequest, options?: CallOptions): Promise<messages.ReleaseTaskResponse> {
    return this.#caller.repeatable(
      (to, ...call) => to.tasks.Release(...call),
      this.#caller.inNamespace(request),
      options,
    );
  }

  explain(request: messages.ExplainTaskRequest, options?: CallOptions): Promise<messages.ExplainTaskResponse> {
    return this.#caller.repeatable(
      (to, ...call) => to.tasks.Explain(...call),
      this.#caller.inNamespace(request),
      options,
    );
  }

  /**
   * Present state, then changes; goes on at another coordinator when one dies. After a gap that no coordinator can fill
   * any more the present state comes once more, again closed by `caughtUp`.
   */
  watch(
    request: messages.WatchTasksRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<messages.WatchTasksResponse, void, undefined> {
    return this.#caller.stream(taskWatchPlan(this.#caller.inNamespace(request)), true, signal);
  }

  /** Every byte of the attempt's output once, also when the coordinator dies that passes it on. */
  logs(
    request: messages.TaskLogsRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<messages.TaskLogsResponse, void, undefined> {
    return this.#caller.stream(logFollowPlan(this.#caller.inNamespace(request)), request.follow === true, signal);
  }
}
