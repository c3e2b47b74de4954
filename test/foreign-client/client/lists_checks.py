"""List: by state and label, page by page."""

from __future__ import annotations

from holdfast.v1 import task_pb2

from checks import check, expect, expect_that
from wire import Cluster, Coordinator, own_namespace, refusal_of

NAMESPACE = own_namespace("lists")


def submit_seven(coordinator: Coordinator, label: str) -> tuple[list[str], str]:
    """Held back by their not-before, so that they stay as they are. Returns ids and the last revision."""
    spec = task_pb2.TaskSpec(argv=("/bin/true",), labels={"list": label}, not_before_ms=253_402_300_799_999)
    answers = [coordinator.submit(NAMESPACE, spec) for _ in range(7)]
    return [answer.task_id for answer in answers], answers[-1].revision


def pages(coordinator: Coordinator, revision: str, **wishes: object) -> list[list[str]]:
    token = ""
    ids: list[list[str]] = []
    while True:
        page = coordinator.list(NAMESPACE, page_token=token, min_revision=revision, **wishes)
        ids.append([task.id for task in page.tasks])
        token = page.next_page_token
        if token == "" or len(ids) > 20:
            return ids


@check
def by_label(cluster: Cluster) -> None:
    """tasks are listed by label, page by page, each once, oldest first and newest first, from every coordinator"""
    ids, revision = submit_seven(cluster.any, "paged")
    submit_seven(cluster.any, "others")
    chosen = task_pb2.TaskFilter(labels={"list": "paged"})
    for coordinator in cluster.coordinators:
        came = pages(coordinator, revision, filter=chosen, page_size=3)
        expect("pages", came, [ids[:3], ids[3:6], ids[6:]])
        newest = ids[::-1]
        came = pages(coordinator, revision, filter=chosen, page_size=3, newest_first=True)
        expect("pages, newest first", came, [newest[:3], newest[3:6], newest[6:]])


@check
def by_state(cluster: Cluster) -> None:
    """tasks are listed by state and label together"""
    ids, _ = submit_seven(cluster.any, "states")
    revision = [cluster.any.cancel(NAMESPACE, task_id).revision for task_id in ids[:2]][-1]
    labels = {"list": "states"}
    for state, expected in ((task_pb2.TASK_STATE_CANCELLED, ids[:2]), (task_pb2.TASK_STATE_PENDING, ids[2:])):
        came = pages(cluster.any, revision, filter=task_pb2.TaskFilter(states=[state], labels=labels))
        expect(task_pb2.TaskState.Name(state), came, [expected])
    both = [task_pb2.TASK_STATE_CANCELLED, task_pb2.TASK_STATE_PENDING]
    came = pages(cluster.any, revision, filter=task_pb2.TaskFilter(states=both, labels=labels), page_size=1000)
    expect("both", came, [ids])


@check
def by_nothing_there(cluster: Cluster) -> None:
    """a namespace and a label that nobody used are empty, not errors"""
    expect("tasks", list(cluster.any.list("nobody-was-here").tasks), [])
    chosen = task_pb2.TaskFilter(labels={"list": "nothing"})
    expect("tasks", list(cluster.any.list(NAMESPACE, filter=chosen).tasks), [])


@check
def namespaces(cluster: Cluster) -> None:
    """a task is not seen from another namespace"""
    ids, _ = submit_seven(cluster.any, "mine")
    refusal = refusal_of(lambda: cluster.leader.get(f"{NAMESPACE}-too", ids[0]))
    expect("code", refusal and refusal.code, "NOT_FOUND")
    listed = [task.id for task in cluster.leader.list(f"{NAMESPACE}-too").tasks]
    expect_that(ids[0] not in listed, "another namespace's list without it", listed)
