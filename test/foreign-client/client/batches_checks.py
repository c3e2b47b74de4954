"""Batches, and the request ids that make a repeat harmless."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.v1 import task_pb2

from checks import check, expect, expect_that
from wire import PATIENCE_S, Cluster, Coordinator, own_namespace, refusal_of

NAMESPACE = own_namespace("batches")

TRUE = task_pb2.TaskSpec(argv=("/bin/true",))
WITHOUT_PROGRAM = task_pb2.TaskSpec(labels={"program": "none"})
NEGATIVE = task_pb2.TaskSpec(argv=("/bin/true",), resources=task_pb2.Resources(cpu_millis=-1))


def submit(
    coordinator: Coordinator, specs: Sequence[task_pb2.TaskSpec], **wishes: object
) -> task_pb2.SubmitTaskBatchResponse:
    request = task_pb2.SubmitTaskBatchRequest(namespace=NAMESPACE, specs=specs, **wishes)
    return coordinator.tasks.SubmitBatch(request, timeout=PATIENCE_S)


def progress(coordinator: Coordinator, batch_id: str, revision: str = "") -> task_pb2.GetTaskBatchResponse:
    request = task_pb2.GetTaskBatchRequest(namespace=NAMESPACE, batch_id=batch_id, min_revision=revision)
    return coordinator.tasks.GetBatch(request, timeout=PATIENCE_S)


def of_batch(batch_id: str) -> task_pb2.TaskFilter:
    return task_pb2.TaskFilter(batch_id=batch_id)


@check
def whole(cluster: Cluster) -> None:
    """a batch is accepted whole, watched until all of it has ended, and counted"""
    batch = submit(cluster.any, [TRUE] * 20)
    expect("different ids", len(set(batch.task_ids)), 20)
    expect("total", progress(cluster.any, batch.batch_id, batch.revision).total, 20)
    for _ in cluster.any.watch(NAMESPACE, filter=of_batch(batch.batch_id), until_ended=True):
        pass
    came = progress(cluster.any, batch.batch_id)
    expect("total and ended", (came.total, came.ended), (20, 20))
    expect("counts", {c.state: c.count for c in came.counts}, {task_pb2.TASK_STATE_SUCCEEDED: 20})


@check
def partly(cluster: Cluster) -> None:
    """of a batch that may be accepted in part, the bad items are named, and the good ones run"""
    batch = submit(cluster.any, [TRUE, WITHOUT_PROGRAM, TRUE, NEGATIVE], allow_partial=True)
    expect("which have an id", [task_id != "" for task_id in batch.task_ids], [True, False, True, False])
    errors = [(error.index, error.field) for error in batch.errors]
    expect("errors", errors, [(1, "argv"), (3, "resources.cpu_millis")])
    expect_that(all(error.message for error in batch.errors), "a message with each error", batch.errors)
    listed = cluster.any.list(NAMESPACE, filter=of_batch(batch.batch_id), min_revision=batch.revision)
    expect("tasks of the batch", [task.id for task in listed.tasks], [batch.task_ids[0], batch.task_ids[2]])


@check
def not_in_part(cluster: Cluster) -> None:
    """a batch with a bad item is refused whole, with the item's field, and nothing of it is stored"""
    before = len(cluster.leader.list(NAMESPACE, page_size=1000).tasks)
    refusal = refusal_of(lambda: submit(cluster.any, [TRUE, TRUE, WITHOUT_PROGRAM, NEGATIVE]))
    expect("code", refusal and refusal.code, "INVALID_ARGUMENT")
    expect("fields", sorted(refusal.fields), ["specs[2].argv", "specs[3].resources.cpu_millis"])
    expect("tasks afterwards", len(cluster.leader.list(NAMESPACE, page_size=1000).tasks), before)


@check
def added_to(cluster: Cluster) -> None:
    """a batch is added to by a second call"""
    batch = submit(cluster.any, [TRUE] * 2)
    added = submit(cluster.any, [TRUE] * 3, batch_id=batch.batch_id)
    expect("batch", added.batch_id, batch.batch_id)
    expect("total", progress(cluster.any, batch.batch_id, added.revision).total, 5)


@check
def repeated(cluster: Cluster) -> None:
    """a submission repeated with its request id gives the same task, from every coordinator, also after its end"""
    first = cluster.any.submit(NAMESPACE, TRUE, request_id="one and the same").task_id
    for coordinator in cluster.coordinators:
        expect("id", coordinator.submit(NAMESPACE, TRUE, request_id="one and the same").task_id, first)
    cluster.any.end_of(NAMESPACE, first)
    expect("id after the end", cluster.any.submit(NAMESPACE, TRUE, request_id="one and the same").task_id, first)
    other = cluster.any.submit(f"{NAMESPACE}-too", TRUE, request_id="one and the same").task_id
    expect_that(other != first, "another task in another namespace", other)


@check
def repeated_differently(cluster: Cluster) -> None:
    """the same request id with another body is ALREADY_EXISTS, and names request_id"""
    cluster.any.submit(NAMESPACE, TRUE, request_id="taken")
    other = task_pb2.TaskSpec(argv=("/bin/true", "differently"))
    refusal = refusal_of(lambda: cluster.any.submit(NAMESPACE, other, request_id="taken"))
    expect("code", refusal and refusal.code, "ALREADY_EXISTS")
    expect("fields", list(refusal.fields), ["request_id"])


@check
def batch_repeated(cluster: Cluster) -> None:
    """a batch repeated with its request id gives the same answer; with another body it is ALREADY_EXISTS"""
    specs = [TRUE, WITHOUT_PROGRAM, TRUE]
    first = submit(cluster.any, specs, request_id="a batch", allow_partial=True)
    again = submit(cluster.coordinators[-1], specs, request_id="a batch", allow_partial=True)
    expect("batch", again.batch_id, first.batch_id)
    expect("ids", list(again.task_ids), list(first.task_ids))
    expect("errors", list(again.errors), list(first.errors))
    refusal = refusal_of(lambda: submit(cluster.any, [TRUE], request_id="a batch"))
    expect("code", refusal and refusal.code, "ALREADY_EXISTS")
    expect("fields", list(refusal.fields), ["request_id"])
