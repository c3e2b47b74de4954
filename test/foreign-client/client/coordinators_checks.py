"""Any coordinator answers: writes through standbys, reads of what was written, watches that go on elsewhere."""

from __future__ import annotations

from holdfast.v1 import task_pb2

from checks import check, expect, expect_that
from wire import PATIENCE_S, Cluster, Coordinator, own_namespace, refusal_of

NAMESPACE = own_namespace("anywhere")
LATER = task_pb2.TaskSpec(argv=("/bin/true",), not_before_ms=253_402_300_799_999)


@check
def writes_through_standbys(cluster: Cluster) -> None:
    """a write through a standby is durable when it is answered, and read from every coordinator at its revision"""
    for writer in cluster.standbys:
        submitted = writer.submit(NAMESPACE, LATER)
        for reader in cluster.coordinators:
            task = reader.get(NAMESPACE, submitted.task_id, submitted.revision)
            expect("id", task.id, submitted.task_id)
        expect("affected", writer.cancel(NAMESPACE, submitted.task_id).affected, 1)


@check
def reads_own_writes(cluster: Cluster) -> None:
    """min_revision shows a client its own writes, at once, fifty times in a row, wherever it writes and reads"""
    ring = cluster.coordinators
    labels = {"own": "writes"}
    spec = task_pb2.TaskSpec(argv=("/bin/true",), labels=labels, not_before_ms=LATER.not_before_ms)
    chosen = task_pb2.TaskFilter(labels=labels)
    ids: list[str] = []
    for turn in range(50):
        writer, reader = ring[turn % len(ring)], ring[(turn + 1) % len(ring)]
        submitted = writer.submit(NAMESPACE, spec)
        ids.append(submitted.task_id)
        came = reader.list(NAMESPACE, filter=chosen, min_revision=submitted.revision)
        expect(f"tasks after write {turn + 1}", {task.id for task in came.tasks}, set(ids))


@check
def says_where_from(cluster: Cluster) -> None:
    """every read says which coordinator answered, whether it leads, and as of which revision"""
    for coordinator in cluster.coordinators:
        submitted = coordinator.submit(NAMESPACE, LATER)
        read = coordinator.list(NAMESPACE, min_revision=submitted.revision, page_size=1).read
        expect("from_leader", read.from_leader, coordinator is cluster.leader)
        expect_that(read.coordinator_id != "" and read.as_of_ms > 0, "who and when", read)
        lineage, sequence = read.revision.split(".")
        wanted_lineage, wanted_sequence = submitted.revision.split(".")
        expect("lineage", lineage, wanted_lineage)
        expect_that(int(sequence) >= int(wanted_sequence), f"at least {submitted.revision}", read.revision)


@check
def watches_resume(cluster: Cluster) -> None:
    """a watch is taken up from its last revision at another coordinator: nothing is missing, nothing comes twice"""
    labels = {"watch": "resumed"}
    chosen = task_pb2.TaskFilter(labels=labels)
    spec = task_pb2.TaskSpec(argv=("/bin/true",), labels=labels, not_before_ms=LATER.not_before_ms)
    before = [cluster.any.submit(NAMESPACE, spec) for _ in range(3)]
    seen, revision = present_state(cluster.coordinators[0], chosen, before[-1].revision)
    expect("seen at first", seen, [submitted.task_id for submitted in before])
    missed = [cluster.any.submit(NAMESPACE, spec).task_id for _ in range(4)]
    for coordinator in cluster.coordinators:
        stream = coordinator.watch(NAMESPACE, filter=chosen, from_revision=revision)
        came: list[str] = []
        for response in stream:
            came += [task.id for task in response.tasks]
            if missed[-1] in came:
                break
        stream.cancel()
        expect("seen afterwards", came, missed)


def present_state(coordinator: Coordinator, chosen: task_pb2.TaskFilter, revision: str) -> tuple[list[str], str]:
    """Ids that a watch begins with, and the revision that it can be resumed from."""
    coordinator.list(NAMESPACE, min_revision=revision, page_size=1)
    seen: list[str] = []
    stream = coordinator.watch(NAMESPACE, filter=chosen)
    for response in stream:
        seen += [task.id for task in response.tasks]
        if response.caught_up:
            stream.cancel()
            return seen, response.revision
    return seen, ""


@check
def other_history(cluster: Cluster) -> None:
    """a revision of another history is OUT_OF_RANGE for a watch and FAILED_PRECONDITION for a read"""
    strange = "0123456789abcdef.1"
    everything = task_pb2.TaskFilter()
    refusal = refusal_of(lambda: list(cluster.any.watch(NAMESPACE, filter=everything, from_revision=strange)))
    expect("code", refusal and refusal.code, "OUT_OF_RANGE")
    expect("fields", list(refusal.fields), ["from_revision"])
    refusal = refusal_of(lambda: cluster.any.list(NAMESPACE, min_revision=strange))
    expect("code", refusal and refusal.code, "FAILED_PRECONDITION")
    expect("fields", list(refusal.fields), ["min_revision"])


@check
def no_longer_there(cluster: Cluster) -> None:
    """a revision from before a coordinator's start is OUT_OF_RANGE there, and what it offers instead works"""
    late = cluster.late
    expect_that(late is not None, "a coordinator that started late", late)
    revision = late.submit(NAMESPACE, LATER).revision
    late.list(NAMESPACE, min_revision=revision, page_size=1)
    oldest = f"{revision.split('.')[0]}.1"
    refusal = refusal_of(lambda: list(late.watch(NAMESPACE, filter=task_pb2.TaskFilter(), from_revision=oldest)))
    expect("code", refusal and refusal.code, "OUT_OF_RANGE")
    expect("fields", list(refusal.fields), ["from_revision"])
    seen, _ = present_state(late, task_pb2.TaskFilter(labels={"own": "writes"}), revision)
    expect("tasks that a new watch begins with", len(seen), 50)


@check
def unreached_revision(cluster: Cluster) -> None:
    """a revision that has not come is waited for up to the call's deadline"""
    lineage, sequence = cluster.any.submit(NAMESPACE, LATER).revision.split(".")
    request = task_pb2.ListTasksRequest(namespace=NAMESPACE, min_revision=f"{lineage}.{int(sequence) + 1_000_000}")
    refusal = refusal_of(lambda: cluster.any.tasks.List(request, timeout=0.5))
    expect("code", refusal and refusal.code, "DEADLINE_EXCEEDED")


@check
def goodbye(cluster: Cluster) -> None:
    """everything in a namespace is cancelled by one call"""
    chosen = task_pb2.TaskFilter(states=[task_pb2.TASK_STATE_PENDING])
    request = task_pb2.CancelTasksRequest(namespace=NAMESPACE, filter=chosen)
    answer = cluster.standbys[0].tasks.Cancel(request, timeout=PATIENCE_S)
    expect_that(answer.affected > 50, "more than fifty cancelled", answer.affected)
    expect("tasks left", list(cluster.any.list(NAMESPACE, filter=chosen, min_revision=answer.revision).tasks), [])
