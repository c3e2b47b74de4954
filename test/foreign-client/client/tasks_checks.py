"""The life of a task: submitted, watched, its output read, cancelled, tried again."""

from __future__ import annotations

from holdfast.v1 import task_pb2

from checks import check, expect, expect_that
from wire import ENDED, PATIENCE_S, Cluster, Coordinator, own_namespace

NAMESPACE = own_namespace("life")

PENDING = task_pb2.TASK_STATE_PENDING
PLACED = task_pb2.TASK_STATE_PLACED
STARTING = task_pb2.TASK_STATE_STARTING
RUNNING = task_pb2.TASK_STATE_RUNNING
STOPPING = task_pb2.TASK_STATE_STOPPING
SUCCEEDED = task_pb2.TASK_STATE_SUCCEEDED
FAILED = task_pb2.TASK_STATE_FAILED
CANCELLED = task_pb2.TASK_STATE_CANCELLED
TIMED_OUT = task_pb2.TASK_STATE_TIMED_OUT

MAY_FOLLOW = {
    PENDING: {PLACED, STARTING, RUNNING, *ENDED},
    PLACED: {PENDING, STARTING, RUNNING, STOPPING, *ENDED},
    STARTING: {PENDING, RUNNING, STOPPING, *ENDED},
    RUNNING: {PENDING, STOPPING, *ENDED},
    STOPPING: {*ENDED},
}
"""A watch may skip what passed between two commits that it saw at once."""

CHATTY = task_pb2.TaskSpec(
    name="chatty",
    argv=("/bin/sh", "-c", 'echo "greeting: $GREETING"; cat; echo "to stderr" >&2'),
    environment={"GREETING": "grüß dich, 世界"},
    standard_input=b"first line\nsecond \xff line\n",
    labels={"section": "tasks", "team.example/name": "a+b@c"},
    stop_grace_ms=0,
)


def expect_legal(states: list[int], last: int) -> None:
    names = [task_pb2.TaskState.Name(state) for state in states]
    expect("last state", names[-1] if names else "none", task_pb2.TaskState.Name(last))
    for before, after in zip(states, states[1:]):
        expect_that(after in MAY_FOLLOW.get(before, ()), "states in legal order", names)


def output_of(coordinator: Coordinator, task_id: str, **wishes: object) -> dict[int, bytes]:
    """What a task wrote, by stream."""
    output = {task_pb2.TaskLogsResponse.STREAM_STDOUT: b"", task_pb2.TaskLogsResponse.STREAM_STDERR: b""}
    request = task_pb2.TaskLogsRequest(namespace=NAMESPACE, task_id=task_id, **wishes)
    for piece in coordinator.tasks.Logs(request, timeout=PATIENCE_S):
        expect("attempt", piece.attempt, 1)
        expect_that(piece.source != task_pb2.TaskLogsResponse.SOURCE_UNSPECIFIED, "a source", piece.source)
        output[piece.stream] += piece.data
    return output


@check
def to_the_end(cluster: Cluster) -> None:
    """a task is watched from submission to success, through states in legal order, and the watch ends by itself"""
    coordinator = cluster.any
    submitted = coordinator.submit(NAMESPACE, CHATTY)
    states: list[int] = []
    caught_up = 0
    for response in coordinator.watch(NAMESPACE, task_id=submitted.task_id, until_ended=True):
        states += [task.state for task in response.tasks if not states or states[-1] != task.state]
        caught_up += response.caught_up
    expect_legal(states, SUCCEEDED)
    expect("messages that say caught_up", caught_up, 1)


@check
def output(cluster: Cluster) -> None:
    """its output has environment and standard input in it, by stream, the same from every coordinator"""
    task_id = cluster.any.submit(NAMESPACE, CHATTY).task_id
    cluster.any.end_of(NAMESPACE, task_id)
    for coordinator in cluster.coordinators:
        came = output_of(coordinator, task_id)
        wanted = "greeting: grüß dich, 世界\n".encode() + b"first line\nsecond \xff line\n"
        expect("stdout", came[task_pb2.TaskLogsResponse.STREAM_STDOUT], wanted)
        expect("stderr", came[task_pb2.TaskLogsResponse.STREAM_STDERR], b"to stderr\n")


@check
def output_followed(cluster: Cluster) -> None:
    """output is followed from before the start to the end, and the stream ends by itself"""
    script = b"#!/bin/sh\nfor i in 1 2 3; do echo line $i; sleep 0.1; done\n"
    task_id = cluster.any.submit(NAMESPACE, task_pb2.TaskSpec(script=script)).task_id
    came = output_of(cluster.any, task_id, follow=True)
    expect("stdout", came[task_pb2.TaskLogsResponse.STREAM_STDOUT], b"line 1\nline 2\nline 3\n")


@check
def tail(cluster: Cluster) -> None:
    """the last bytes of the output can be asked for"""
    task_id = cluster.any.submit(NAMESPACE, task_pb2.TaskSpec(argv=("/bin/echo", "0123456789"))).task_id
    cluster.any.end_of(NAMESPACE, task_id)
    came = output_of(cluster.any, task_id, tail_bytes=4)
    expect("stdout", came[task_pb2.TaskLogsResponse.STREAM_STDOUT], b"789\n")


@check
def read_back(cluster: Cluster) -> None:
    """what was sent is read back, with when it ran, where, and how it ended"""
    submitted = cluster.any.submit(NAMESPACE, CHATTY, request_id="read back")
    task = cluster.any.end_of(NAMESPACE, submitted.task_id)
    for field in ("name", "argv", "environment", "standard_input", "labels", "stop_grace_ms"):
        expect(f"spec.{field}", getattr(task.spec, field), getattr(CHATTY, field))
    expect("request_id", task.request_id, "read back")
    expect("namespace", task.namespace, NAMESPACE)
    expect("attempts", len(task.attempts), 1)
    attempt = task.attempts[0]
    expect("exit code, which is there", (attempt.HasField("exit_code"), attempt.exit_code), (True, 0))
    expect("state of the attempt", attempt.state, task_pb2.ATTEMPT_STATE_SUCCEEDED)
    expect_that(attempt.node_id != "", "the attempt to name its node", attempt.node_id)
    times = (task.submitted_at_ms, attempt.placed_at_ms, attempt.started_at_ms, attempt.ended_at_ms)
    expect_that(all(0 < a <= b for a, b in zip(times, times[1:])), "times that rise", times)


@check
def failure(cluster: Cluster) -> None:
    """a program that exits with 3 fails its task, with a reason and the code; one that is not there, too"""
    task_id = cluster.any.submit(NAMESPACE, task_pb2.TaskSpec(argv=("/bin/sh", "-c", "exit 3"))).task_id
    task = cluster.any.end_of(NAMESPACE, task_id)
    expect("state", task.state, FAILED)
    expect("exit code", task.attempts[0].exit_code, 3)
    expect_that("3" in task.reason, "a reason that names the exit code", task.reason)
    task_id = cluster.any.submit(NAMESPACE, task_pb2.TaskSpec(argv=("/nowhere/program",))).task_id
    task = cluster.any.end_of(NAMESPACE, task_id)
    expect("state", task.state, FAILED)
    expect_that("/nowhere/program" in task.reason, "a reason that names the program", task.reason)


@check
def retries(cluster: Cluster) -> None:
    """a task that fails is tried again as often as it asks for"""
    retry = task_pb2.RetryPolicy(max_retries=2, backoff_ms=1, backoff_max_ms=1)
    spec = task_pb2.TaskSpec(argv=("/bin/false",), retry=retry)
    task = cluster.any.end_of(NAMESPACE, cluster.any.submit(NAMESPACE, spec).task_id)
    expect("state", task.state, FAILED)
    expect("attempts", [attempt.number for attempt in task.attempts], [1, 2, 3])
    expect("failures", task.failures, 3)


@check
def timeout(cluster: Cluster) -> None:
    """a task that runs longer than it may ends as timed out"""
    spec = task_pb2.TaskSpec(argv=("/bin/sleep", "300"), timeout_ms=300)
    task_id = cluster.any.submit(NAMESPACE, spec).task_id
    expect_legal(cluster.any.states_until(NAMESPACE, task_id, ENDED), TIMED_OUT)


@check
def cancelled(cluster: Cluster) -> None:
    """a running task is cancelled, stops, and ends as cancelled; cancelling it again changes nothing"""
    task_id = cluster.any.submit(NAMESPACE, task_pb2.TaskSpec(argv=("/bin/sleep", "300"))).task_id
    states = cluster.any.states_until(NAMESPACE, task_id, frozenset((RUNNING,)))
    expect_legal(states, RUNNING)
    expect("affected", cluster.any.cancel(NAMESPACE, task_id).affected, 1)
    later = cluster.any.states_until(NAMESPACE, task_id, ENDED)
    expect_legal(later, CANCELLED)
    expect("affected the second time", cluster.any.cancel(NAMESPACE, task_id).affected, 0)
    expect("state", cluster.any.get(NAMESPACE, task_id).state, CANCELLED)


@check
def cancelled_by_filter(cluster: Cluster) -> None:
    """tasks are cancelled by label, and no others"""
    sleep = task_pb2.TaskSpec(argv=("/bin/sleep", "300"), labels={"fate": "doomed"})
    doomed = [cluster.any.submit(NAMESPACE, sleep).task_id for _ in range(3)]
    sleep.labels["fate"] = "spared"
    spared = cluster.any.submit(NAMESPACE, sleep)
    chosen = task_pb2.TaskFilter(labels={"fate": "doomed"})
    request = task_pb2.CancelTasksRequest(namespace=NAMESPACE, filter=chosen, reason="no longer needed")
    answer = cluster.any.tasks.Cancel(request, timeout=PATIENCE_S)
    expect("affected and more", (answer.affected, answer.more), (3, False))
    for task_id in doomed:
        task = cluster.any.end_of(NAMESPACE, task_id)
        expect("state", task.state, CANCELLED)
        expect_that("no longer needed" in task.reason, "the reason that was given", task.reason)
    expect_that(cluster.any.get(NAMESPACE, spared.task_id).state not in ENDED, "the other one to live", "its end")
    cluster.any.cancel(NAMESPACE, spared.task_id)


@check
def run_again(cluster: Cluster) -> None:
    """a task that has ended is run again, as a new task with the same body"""
    first = cluster.any.submit(NAMESPACE, CHATTY).task_id
    cluster.any.end_of(NAMESPACE, first)
    request = task_pb2.RetryTaskRequest(namespace=NAMESPACE, task_id=first, request_id="again")
    second = cluster.any.tasks.Retry(request, timeout=PATIENCE_S).task_id
    expect_that(second != first, "another task", second)
    expect("the id that a repeat gives", cluster.any.tasks.Retry(request, timeout=PATIENCE_S).task_id, second)
    task = cluster.any.end_of(NAMESPACE, second)
    expect("state", task.state, SUCCEEDED)
    expect("argv", task.spec.argv, CHATTY.argv)
