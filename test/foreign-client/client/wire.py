"""The cluster as this client sees it: channels, the generated stubs, and how a refusal is read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2_grpc
from holdfast.v1 import cluster_pb2, cluster_pb2_grpc, node_pb2_grpc, task_pb2, task_pb2_grpc

PATIENCE_S = 15.0
"""How long anything may take, on a machine that is busy with other tests too."""

ENDED = frozenset(
    (
        task_pb2.TASK_STATE_SUCCEEDED,
        task_pb2.TASK_STATE_FAILED,
        task_pb2.TASK_STATE_CANCELLED,
        task_pb2.TASK_STATE_TIMED_OUT,
    )
)


def own_namespace(name: str) -> str:
    """One that no earlier run has left anything in."""
    return f"{name}-{time.time_ns():x}"


class Coordinator:
    """One coordinator, with the stubs of all its services."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.channel = grpc.insecure_channel(address, options=(("grpc.enable_http_proxy", 0),))
        self.tasks = task_pb2_grpc.TaskServiceStub(self.channel)
        self.nodes = node_pb2_grpc.NodeServiceStub(self.channel)
        self.cluster = cluster_pb2_grpc.ClusterServiceStub(self.channel)
        self.health = health_pb2_grpc.HealthStub(self.channel)

    def status(self) -> cluster_pb2.ClusterStatusResponse:
        return self.cluster.Status(cluster_pb2.ClusterStatusRequest(), timeout=PATIENCE_S)

    def submit(self, namespace: str, spec: task_pb2.TaskSpec, request_id: str = "") -> task_pb2.SubmitTaskResponse:
        request = task_pb2.SubmitTaskRequest(namespace=namespace, spec=spec, request_id=request_id)
        return self.tasks.Submit(request, timeout=PATIENCE_S)

    def get(self, namespace: str, task_id: str, min_revision: str = "") -> task_pb2.Task:
        request = task_pb2.GetTaskRequest(namespace=namespace, task_id=task_id, min_revision=min_revision)
        return self.tasks.Get(request, timeout=PATIENCE_S).task

    def list(self, namespace: str, **wishes: object) -> task_pb2.ListTasksResponse:
        return self.tasks.List(task_pb2.ListTasksRequest(namespace=namespace, **wishes), timeout=PATIENCE_S)

    def cancel(self, namespace: str, task_id: str) -> task_pb2.CancelTasksResponse:
        return self.tasks.Cancel(task_pb2.CancelTasksRequest(namespace=namespace, task_id=task_id), timeout=PATIENCE_S)

    def watch(self, namespace: str, **wishes: object) -> Iterable[task_pb2.WatchTasksResponse]:
        """Ends with the watch; DEADLINE_EXCEEDED when that takes too long."""
        return self.tasks.Watch(task_pb2.WatchTasksRequest(namespace=namespace, **wishes), timeout=PATIENCE_S)

    def states_until(self, namespace: str, task_id: str, states: frozenset[int]) -> list[int]:
        """The states that a watch tells, without repeats, up to the first of those wanted or the task's end."""
        seen: list[int] = []
        stream = self.watch(namespace, task_id=task_id)
        for response in stream:
            for task in response.tasks:
                if not seen or seen[-1] != task.state:
                    seen.append(task.state)
            if seen and seen[-1] in states | ENDED:
                break
        stream.cancel()
        return seen

    def end_of(self, namespace: str, task_id: str) -> task_pb2.Task:
        """The task when it has ended."""
        self.states_until(namespace, task_id, ENDED)
        return self.get(namespace, task_id)


class Cluster:
    """All coordinators, in the order in which they were named."""

    def __init__(self, addresses: Iterable[str], late: str) -> None:
        self.coordinators = [Coordinator(address) for address in addresses]
        self.late = Coordinator(late) if late else None

    @property
    def any(self) -> Coordinator:
        return self.coordinators[0]

    @property
    def leader(self) -> Coordinator:
        address = self.any.status().leader_address
        return next(coordinator for coordinator in self.coordinators if coordinator.address == address)

    @property
    def standbys(self) -> list[Coordinator]:
        address = self.any.status().leader_address
        return [coordinator for coordinator in self.coordinators if coordinator.address != address]


@dataclass(frozen=True)
class Refusal:
    """A status that is not OK, with what stands in `grpc-status-details-bin`."""

    code: str
    message: str
    fields: dict[str, str]
    """By field: what is wrong with it (google.rpc.BadRequest)."""
    reason: str
    """Of google.rpc.ErrorInfo."""

    def __str__(self) -> str:
        return f"{self.code} {self.message!r} with the fields {self.fields!r}"


def refusal_of(call: Callable[[], object]) -> Refusal | None:
    """How the call was refused; None when it was not."""
    try:
        call()
    except grpc.RpcError as error:
        fields, reason = details_of(error)
        return Refusal(error.code().name, error.details() or "", fields, reason)
    return None


def details_of(error: grpc.RpcError) -> tuple[dict[str, str], str]:
    fields: dict[str, str] = {}
    reason = ""
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        for detail in status_pb2.Status.FromString(value).details:
            bad_request, info = error_details_pb2.BadRequest(), error_details_pb2.ErrorInfo()
            if detail.Unpack(bad_request):
                fields |= {violation.field: violation.description for violation in bad_request.field_violations}
            elif detail.Unpack(info):
                reason = info.reason
    return fields, reason
