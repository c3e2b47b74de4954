/** TaskService: which handler answers which method. */
import type { TaskServiceHandlers } from "@holdfast/shared/contract/generated/holdfast/v1/TaskService.ts";
import { taskServiceDefinition as methods } from "@holdfast/shared/contract/load.ts";
import type { Backend } from "./backend.ts";
import { type CallSettings, serverStream, unary } from "./call.ts";
import type { Forwarder } from "./forward.ts";
import type { IdGenerator } from "./ids.ts";
import type { Implemented } from "./methods.ts";
import { taskLogs } from "./task-logs.ts";
import { explainTask, getBatch, getTask, listTasks } from "./task-queries.ts";
import { watchTasks } from "./task-watch.ts";
import { cancelTasks, holdTask, retryTask, submitBatch, submitTask } from "./task-writes.ts";

export function taskService(
  backend: Backend,
  forwarder: Forwarder,
  ids: IdGenerator,
  settings: CallSettings,
): Implemented<TaskServiceHandlers> {
  return {
    Submit: unary(forwarder.writing(methods.Submit, submitTask(backend, ids)), settings),
    SubmitBatch: unary(forwarder.writing(methods.SubmitBatch, submitBatch(backend, ids)), settings),
    Cancel: unary(forwarder.writing(methods.Cancel, cancelTasks(backend)), settings),
    Retry: unary(forwarder.writing(methods.Retry, retryTask(backend, ids)), settings),
    Hold: unary(forwarder.writing(methods.Hold, holdTask(backend, "hold")), settings),
    Release: unary(forwarder.writing(methods.Release, holdTask(backend, "release")), settings),
    Get: unary(getTask(backend), settings),
    GetBatch: unary(getBatch(backend), settings),
    List: unary(listTasks(backend), settings),
    Explain: unary(explainTask(backend), settings),
    Watch: serverStream(watchTasks(backend), settings),
    Logs: serverStream(taskLogs(backend), settings),
  };
}
