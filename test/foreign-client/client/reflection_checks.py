"""Server reflection: a client without stubs learns the contract from the server, and works with what it learnt."""

from __future__ import annotations

from collections.abc import Iterable

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from grpc_reflection.v1 import reflection_pb2, reflection_pb2_grpc

from checks import check, expect, expect_that
from wire import PATIENCE_S, Cluster, own_namespace

NAMESPACE = own_namespace("by-reflection")


class Learnt:
    """The contract as one server describes it, in a pool that knows nothing else."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.channel = channel
        self.reflection = reflection_pb2_grpc.ServerReflectionStub(channel)
        self.pool = descriptor_pool.DescriptorPool()
        self.factory = message_factory.MessageFactory(self.pool)
        self.known: set[str] = set()

    def services(self) -> list[str]:
        request = reflection_pb2.ServerReflectionRequest(list_services="")
        return [service.name for service in self.ask(request).list_services_response.service]

    def method(self, service: str, method: str) -> MethodDescriptor:
        self.add(reflection_pb2.ServerReflectionRequest(file_containing_symbol=service))
        return self.pool.FindServiceByName(service).FindMethodByName(method)

    def message(self, method: MethodDescriptor, **fields: object) -> Message:
        return self.factory.GetPrototype(method.input_type)(**fields)

    def call(self, method: MethodDescriptor, request: Message) -> Message:
        path = f"/{method.containing_service.full_name}/{method.name}"
        answer = self.factory.GetPrototype(method.output_type)
        stub = self.channel.unary_unary(path, type(request).SerializeToString, answer.FromString)
        return stub(request, timeout=PATIENCE_S)

    def ask(self, request: reflection_pb2.ServerReflectionRequest) -> reflection_pb2.ServerReflectionResponse:
        answer = next(iter(self.reflection.ServerReflectionInfo(iter((request,)), timeout=PATIENCE_S)))
        expect("what reflection answers", answer.error_response.error_message, "")
        return answer

    def add(self, request: reflection_pb2.ServerReflectionRequest) -> None:
        """Takes up the files of the answer, and asks for those that they import."""
        encoded: Iterable[bytes] = self.ask(request).file_descriptor_response.file_descriptor_proto
        files = {file.name: file for file in map(descriptor_pb2.FileDescriptorProto.FromString, encoded)}
        for file in files.values():
            self.add_file(file, files)

    def add_file(
        self, file: descriptor_pb2.FileDescriptorProto, files: dict[str, descriptor_pb2.FileDescriptorProto]
    ) -> None:
        if file.name in self.known:
            return
        self.known.add(file.name)
        for imported in file.dependency:
            if imported in files:
                self.add_file(files[imported], files)
            elif imported not in self.known:
                self.add(reflection_pb2.ServerReflectionRequest(file_by_filename=imported))
        self.pool.Add(file)


@check
def lists_services(cluster: Cluster) -> None:
    """reflection lists all services, health among them"""
    listed = Learnt(cluster.any.channel).services()
    names = ("TaskService", "NodeService", "ClusterService", "AgentService", "PeerService")
    for service in (*(f"holdfast.v1.{name}" for name in names), "grpc.health.v1.Health"):
        expect_that(service in listed, f"{service} among the services", listed)


@check
def describes_faithfully(cluster: Cluster) -> None:
    """reflection describes every method and message as the .proto files do"""
    learnt = Learnt(cluster.any.channel)
    for name in ("TaskService", "NodeService", "ClusterService"):
        learnt.method(f"holdfast.v1.{name}", "List" if name != "ClusterService" else "Status")
    own = descriptor_pool.Default()
    for name in ("TaskService", "NodeService", "ClusterService"):
        service = own.FindServiceByName(f"holdfast.v1.{name}")
        described = learnt.pool.FindServiceByName(service.full_name)
        expect(f"methods of {name}", sorted(described.methods_by_name), sorted(service.methods_by_name))
        for message in {m for method in service.methods for m in (method.input_type, method.output_type)}:
            compare(message, learnt.pool.FindMessageTypeByName(message.full_name))
    for message in ("TaskSpec", "Task", "Attempt", "Node", "NodeMetrics"):
        name = f"holdfast.v1.{message}"
        compare(own.FindMessageTypeByName(name), learnt.pool.FindMessageTypeByName(name))


def compare(own: object, described: object) -> None:
    def shape(message: object) -> dict[str, tuple[int, int, int, bool]]:
        return {
            field.name: (field.number, field.type, field.label, field.has_presence)
            for field in message.fields  # type: ignore[attr-defined]
        }

    expect(f"fields of {own.full_name}", shape(described), shape(own))  # type: ignore[attr-defined]


@check
def submits_and_gets(cluster: Cluster) -> None:
    """a task is submitted and read with messages made from reflection alone"""
    learnt = Learnt(cluster.any.channel)
    submit = learnt.method("holdfast.v1.TaskService", "Submit")
    get = learnt.method("holdfast.v1.TaskService", "Get")
    request = learnt.message(submit, namespace=NAMESPACE)
    request.spec.argv.extend(("/bin/echo", "learnt"))
    request.spec.labels["by"] = "reflection"
    request.spec.stop_grace_ms = 0
    submitted = learnt.call(submit, request)
    wanted = learnt.message(get, namespace=NAMESPACE, task_id=submitted.task_id, min_revision=submitted.revision)
    task = learnt.call(get, wanted).task
    expect("id", task.id, submitted.task_id)
    expect("argv", list(task.spec.argv), ["/bin/echo", "learnt"])
    expect("labels", dict(task.spec.labels), {"by": "reflection"})
    expect("whether stop_grace_ms is there", task.spec.HasField("stop_grace_ms"), True)
    expect("stop_grace_ms", task.spec.stop_grace_ms, 0)
