"""Tasks that wait: why they do, and what lets them go on."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.v1 import node_pb2, task_pb2

from checks import check, expect, expect_that
from wire import ENDED, PATIENCE_S, Cluster, own_namespace

NAMESPACE = own_namespace("waiting")
RUNNING = frozenset((task_pb2.TASK_STATE_RUNNING,))


def explained(cluster: Cluster, task_id: str) -> task_pb2.ExplainTaskResponse:
    request = task_pb2.ExplainTaskRequest(namespace=NAMESPACE, task_id=task_id)
    return cluster.leader.tasks.Explain(request, timeout=PATIENCE_S)


@check
def explains(cluster: Cluster) -> None:
    """a task that waits for room is explained: what each node lacks and what would help; with room it runs"""
    nodes = cluster.any.nodes.List(node_pb2.ListNodesRequest(), timeout=PATIENCE_S).nodes
    node = nodes[0]
    here = task_pb2.Constraint(key="node.id", operator=task_pb2.Constraint.OPERATOR_IN, values=[node.id])
    all_of_it = task_pb2.Resources(cpu_millis=node.inventory.allocatable.cpu_millis)
    spec = task_pb2.TaskSpec(argv=("/bin/sleep", "300"), constraints=[here], resources=all_of_it, stop_grace_ms=0)
    first = cluster.any.submit(NAMESPACE, spec).task_id
    cluster.any.states_until(NAMESPACE, first, RUNNING)
    second = cluster.any.submit(NAMESPACE, spec).task_id
    try:
        expect_explained(cluster, second, node.id, nodes)
        cluster.any.cancel(NAMESPACE, first)
        states = cluster.any.states_until(NAMESPACE, second, RUNNING)
        expect("last state when there is room", states[-1], task_pb2.TASK_STATE_RUNNING)
        why = explained(cluster, second)
        expect_that("running" in why.summary, "a summary that says running", why.summary)
    finally:
        for task_id in (second, first):
            cluster.any.cancel(NAMESPACE, task_id)
            cluster.any.end_of(NAMESPACE, task_id)


def expect_explained(cluster: Cluster, task_id: str, node_id: str, nodes: Sequence[node_pb2.Node]) -> None:
    why = explained(cluster, task_id)
    expect_that(why.summary != "", "a summary", why.summary)
    expect("place in the queue", why.queue_position, 1)
    verdicts = {verdict.node_id: verdict for verdict in why.nodes}
    expect("nodes that are judged", sorted(verdicts), sorted(node.id for node in nodes))
    expect("whether it fits", verdicts[node_id].fits, False)
    obstacles = verdicts[node_id].obstacles
    expect_that(any("cpu" in obstacle.lower() for obstacle in obstacles), "cpu among the obstacles", obstacles)
    expect_that(len(why.remedies) > 0, "something that would help", why.remedies)


@check
def held(cluster: Cluster) -> None:
    """a task is held, which it says, and released"""
    later = task_pb2.TaskSpec(argv=("/bin/true",), not_before_ms=253_402_300_799_999)
    task_id = cluster.any.submit(NAMESPACE, later).task_id
    hold = task_pb2.HoldTaskRequest(namespace=NAMESPACE, task_id=task_id)
    revision = cluster.any.tasks.Hold(hold, timeout=PATIENCE_S).revision
    expect("held", cluster.any.get(NAMESPACE, task_id, revision).held, True)
    why = explained(cluster, task_id)
    expect_that("held" in why.summary and len(why.remedies) > 0, "an explanation that says held", why)
    release = task_pb2.ReleaseTaskRequest(namespace=NAMESPACE, task_id=task_id)
    revision = cluster.any.tasks.Release(release, timeout=PATIENCE_S).revision
    expect("held", cluster.any.get(NAMESPACE, task_id, revision).held, False)
    expect("affected", cluster.any.cancel(NAMESPACE, task_id).affected, 1)


@check
def in_vain(cluster: Cluster) -> None:
    """a task that may not wait longer than its queue deadline ends, and says why"""
    later = task_pb2.TaskSpec(argv=("/bin/true",), not_before_ms=253_402_300_799_999, queue_timeout_ms=100)
    task = cluster.any.end_of(NAMESPACE, cluster.any.submit(NAMESPACE, later).task_id)
    expect_that(task.state in ENDED and task.state != task_pb2.TASK_STATE_SUCCEEDED, "a bad end", task.state)
    expect_that(task.reason != "", "a reason", task.reason)
    expect("attempts", len(task.attempts), 0)
