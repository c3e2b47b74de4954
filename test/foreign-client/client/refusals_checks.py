"""Bad input: refused with a status and the field at fault, nothing half-stored, and the server goes on."""

from __future__ import annotations

import itertools
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from google.protobuf.message import Message
from grpc_health.v1 import health_pb2
from holdfast.v1 import cluster_pb2, node_pb2, task_pb2

from checks import Unmet, check, expect, expect_that
from wire import ENDED, PATIENCE_S, Cluster, Coordinator, Refusal, own_namespace, refusal_of

NAMESPACE = own_namespace("refusals")
MEBIBYTE = 1024 * 1024
UNKNOWN = "main-01jd3v0000000000000000zzzz"

Call = Callable[[Coordinator], object]


@dataclass(frozen=True)
class Bad:
    """A request that must be refused."""

    what: str
    call: Call
    field: str = ""
    """The field that the details must name; "" for refusals that are about no field."""
    code: str = "INVALID_ARGUMENT"


def submitting(**fields: object) -> Call:
    spec = task_pb2.TaskSpec(**({"argv": ("/bin/true",)} | fields))
    return lambda coordinator: coordinator.submit(NAMESPACE, spec)


def calling(service: str, method: str, request: Message) -> Call:
    def call(coordinator: Coordinator) -> object:
        answer = getattr(getattr(coordinator, service), method)(request, timeout=PATIENCE_S)
        return list(answer) if method in ("Watch", "Logs", "Events") else answer

    return call


def sending(method: str, body: bytes) -> Call:
    """A request as bytes, as no honest library would write it."""

    def call(coordinator: Coordinator) -> object:
        stub = coordinator.channel.unary_unary(f"/holdfast.v1.TaskService/{method}", None, None)
        return stub(body, timeout=PATIENCE_S)

    return call


def task_call(method: str, **fields: object) -> Call:
    message = {"Cancel": "CancelTasks", "List": "ListTasks", "Watch": "WatchTasks"}.get(method, f"{method}Task")
    message = {"Logs": "TaskLogs", "SubmitBatch": "SubmitTaskBatch", "GetBatch": "GetTaskBatch"}.get(method, message)
    request = getattr(task_pb2, f"{message}Request")
    return calling("tasks", method, request(**({"namespace": NAMESPACE} | fields)))


def node_call(method: str, **fields: object) -> Call:
    return calling("nodes", method, getattr(node_pb2, f"{method}NodeRequest")(**fields))


def constraint(**fields: object) -> task_pb2.Constraint:
    return task_pb2.Constraint(**({"key": "zone", "operator": task_pb2.Constraint.OPERATOR_EXISTS} | fields))


def resources(**fields: object) -> task_pb2.Resources:
    return task_pb2.Resources(**fields)


def refuse_all(cluster: Cluster, requests: list[Bad]) -> None:
    """Sends each to the leader and to a standby; both must refuse it alike, and neither may keep anything of it."""
    ways = (cluster.leader, cluster.standbys[0])
    before = stored(cluster)
    wrong: list[str] = []
    for bad in requests:
        for coordinator, role in zip(ways, ("leader", "standby")):
            complaint = complaint_about(bad, refusal_of(lambda: bad.call(coordinator)))
            if complaint:
                wrong.append(f"{bad.what}, to the {role}: {complaint}")
        after = stored(cluster)
        if after != before:
            wrong.append(f"{bad.what}: expected {before} tasks afterwards, got {after}")
            before = after
    if wrong:
        raise Unmet("; ".join(wrong))


def complaint_about(bad: Bad, refusal: Refusal | None) -> str:
    expected = f"{bad.code}{f' that names {bad.field}' if bad.field else ''}"
    if refusal is None:
        return f"expected {expected}, got OK"
    if refusal.code != bad.code or (bad.field and bad.field not in refusal.fields):
        return f"expected {expected}, got {refusal}"
    if bad.field and not (refusal.fields[bad.field] and refusal.reason == bad.code):
        return f"expected a description and the reason {bad.code}, got {refusal} and the reason {refusal.reason!r}"
    return "" if refusal.message else "expected a message, got none"


def stored(cluster: Cluster) -> tuple[int, int]:
    """How many tasks there are: in this namespace, and in all of them."""
    leader = cluster.leader
    everywhere = sum(count.count for count in leader.status().tasks)
    return len(leader.list(NAMESPACE, page_size=1000).tasks), everywhere


@check
def unknown_enums(cluster: Cluster) -> None:
    """numbers that are no enum's"""
    unknown, none = ([constraint(operator=number)] for number in (77, 0))
    refuse_all(
        cluster,
        [
            Bad("an unknown operator", submitting(constraints=unknown), "spec.constraints[0].operator"),
            Bad("no operator", submitting(constraints=none), "spec.constraints[0].operator"),
            Bad(
                "an unknown state in a list",
                task_call("List", filter=task_pb2.TaskFilter(states=[1, 99])),
                "filter.states[1]",
            ),
            Bad("UNSPECIFIED in a list", task_call("List", filter=task_pb2.TaskFilter(states=[0])), "filter.states[0]"),
            Bad(
                "an unknown state in a cancel",
                task_call("Cancel", filter=task_pb2.TaskFilter(states=[-1])),
                "filter.states[0]",
            ),
            Bad(
                "an unknown state in a watch",
                task_call("Watch", filter=task_pb2.TaskFilter(states=[2**31 - 1])),
                "filter.states[0]",
            ),
            Bad(
                "an unknown state of nodes",
                calling("nodes", "List", node_pb2.ListNodesRequest(states=[55])),
                "states[0]",
            ),
        ],
    )


@check
def missing_fields(cluster: Cluster) -> None:
    """fields that are missing"""
    no_id = [
        Bad(f"{method} without a task", task_call(method), "task_id")
        for method in ("Get", "Retry", "Hold", "Release", "Logs", "Explain")
    ]
    no_node = [
        Bad(f"{method} without a node", node_call(method), "node_id")
        for method in ("Get", "Cordon", "Uncordon", "Drain", "Remove")
    ]
    refuse_all(
        cluster,
        [
            Bad("an empty message", sending("Submit", b""), "spec"),
            Bad("a submission without a spec", task_call("Submit", request_id="r"), "spec"),
            Bad("a spec without a program", submitting(argv=()), "spec.argv"),
            Bad("a program without a name", submitting(argv=("", "x")), "spec.argv"),
            Bad("a batch without tasks", task_call("SubmitBatch"), "specs"),
            Bad("a batch's progress without a batch", task_call("GetBatch"), "batch_id"),
            Bad("a cancel without a target", task_call("Cancel"), "target"),
            Bad("a cancel with an empty filter", task_call("Cancel", filter=task_pb2.TaskFilter()), "filter"),
            Bad("a cancel with an empty id", task_call("Cancel", task_id=""), "task_id"),
            Bad("a constraint without a key", submitting(constraints=[constraint(key="")]), "spec.constraints[0].key"),
            Bad(
                "a comparison with nothing",
                submitting(constraints=[constraint(operator=task_pb2.Constraint.OPERATOR_IN)]),
                "spec.constraints[0].values",
            ),
            *no_id,
            *no_node,
        ],
    )


@check
def too_long(cluster: Cluster) -> None:
    """names and texts that are too long, and lists with too much in them"""
    value = submitting(labels={"key": "v" * 64})
    values = [constraint(operator=task_pb2.Constraint.OPERATOR_IN, values=["v"] * 65)]
    spec = task_pb2.TaskSpec(argv=("/bin/true",))
    cordon = node_pb2.CordonNodeRequest(node_id="node", reason="r" * 1001)
    refuse_all(
        cluster,
        [
            Bad("a name", submitting(name="n" * 129), "spec.name"),
            Bad("a label's key", submitting(labels={"k" * 64: "v"}), "spec.labels"),
            Bad("a label's value", value, "spec.labels[key]"),
            Bad("a namespace", task_call("Submit", namespace="n" * 64, spec=spec), "namespace"),
            Bad("a request id", task_call("Submit", request_id="r" * 129, spec=spec), "request_id"),
            Bad("a task's id", task_call("Get", task_id="t" * 129), "task_id"),
            Bad("a node's id", calling("nodes", "Get", node_pb2.GetNodeRequest(node_id="n" * 129)), "node_id"),
            Bad("a reason", calling("nodes", "Cordon", cordon), "reason"),
            Bad("a user", submitting(user="u" * 33), "spec.user"),
            Bad("a variable's name", submitting(environment={"V" * 129: "v"}), "spec.environment"),
            Bad("a folder", submitting(working_directory="/" + "d" * 4096), "spec.working_directory"),
            Bad("a script", submitting(script=b"#" * (64 * 1024 + 1)), "spec.script"),
            Bad("standard input", submitting(standard_input=b"i" * (256 * 1024 + 1)), "spec.standard_input"),
            Bad("arguments", submitting(argv=["/bin/true"] * 1025), "spec.argv"),
            Bad("bytes of arguments", submitting(argv=("/bin/true", "a" * 128 * 1024)), "spec.argv"),
            Bad("bytes of environment", submitting(environment={"A": "a" * 128 * 1024}), "spec.environment"),
            Bad("labels", submitting(labels={f"key{i}": "v" for i in range(65)}), "spec.labels"),
            Bad("constraints", submitting(constraints=[constraint()] * 33), "spec.constraints"),
            Bad("values of a constraint", submitting(constraints=values), "spec.constraints[0].values"),
            Bad("tasks of a batch", task_call("SubmitBatch", specs=[spec] * 1001), "specs"),
            Bad("a name of a count", submitting(resources=resources(counts={"c" * 33: 1})), "spec.resources.counts"),
        ],
    )


@check
def out_of_bounds(cluster: Cluster) -> None:
    """negative resources, and other numbers that mean nothing"""
    retry = task_pb2.RetryPolicy
    drain = node_pb2.DrainNodeRequest(node_id="node", deadline_ms=-1)
    tail = cluster_pb2.ClusterEventsRequest(tail=-1)
    counts = resources(counts={"gpu": -1})
    most = resources(memory_bytes=2**63 - 1)
    backwards = retry(backoff_ms=1000, backoff_max_ms=10)
    refuse_all(
        cluster,
        [
            Bad("cpu -1", submitting(resources=resources(cpu_millis=-1)), "spec.resources.cpu_millis"),
            Bad("memory -1", submitting(resources=resources(memory_bytes=-1)), "spec.resources.memory_bytes"),
            Bad("gpu -1", submitting(resources=counts), "spec.resources.counts[gpu]"),
            Bad("cpu -2^63", submitting(resources=resources(cpu_millis=-(2**63))), "spec.resources.cpu_millis"),
            Bad("memory 2^63-1", submitting(resources=most), "spec.resources.memory_bytes"),
            Bad("timeout -1", submitting(timeout_ms=-1), "spec.timeout_ms"),
            Bad("queue timeout -1", submitting(queue_timeout_ms=-1), "spec.queue_timeout_ms"),
            Bad("not before -1", submitting(not_before_ms=-1), "spec.not_before_ms"),
            Bad("not before 2^63-1", submitting(not_before_ms=2**63 - 1), "spec.not_before_ms"),
            Bad("priority 1001", submitting(priority=1001), "spec.priority"),
            Bad("priority -1001", submitting(priority=-1001), "spec.priority"),
            Bad("stop grace -1", submitting(stop_grace_ms=-1), "spec.stop_grace_ms"),
            Bad("output limit -1", submitting(output_limit_bytes=-1), "spec.output_limit_bytes"),
            Bad("retries -1", submitting(retry=retry(max_retries=-1)), "spec.retry.max_retries"),
            Bad("retries 101", submitting(retry=retry(max_retries=101)), "spec.retry.max_retries"),
            Bad("backoff -1", submitting(retry=retry(backoff_ms=-1)), "spec.retry.backoff_ms"),
            Bad("backoff that shrinks", submitting(retry=backwards), "spec.retry.backoff_max_ms"),
            Bad("exit code 256", submitting(retry=retry(final_exit_codes=[1, 256])), "spec.retry.final_exit_codes[1]"),
            Bad("a signal nobody knows", submitting(stop_signal="SIGNOTHING"), "spec.stop_signal"),
            Bad("a relative folder", submitting(working_directory="tmp"), "spec.working_directory"),
            Bad("a folder with ..", submitting(working_directory="/tmp/../etc"), "spec.working_directory"),
            Bad("page size -1", task_call("List", page_size=-1), "page_size"),
            Bad("page size 1001", task_call("List", page_size=1001), "page_size"),
            Bad("attempt -1", task_call("Logs", task_id=UNKNOWN, attempt=-1), "attempt"),
            Bad("tail -1", task_call("Logs", task_id=UNKNOWN, tail_bytes=-1), "tail_bytes"),
            Bad("a drain in the past", calling("nodes", "Drain", drain), "deadline_ms"),
            Bad("events tail -1", calling("cluster", "Events", tail), "tail"),
        ],
    )


@check
def nul_bytes(cluster: Cluster) -> None:
    """NUL bytes and control characters in text"""
    values = [constraint(operator=task_pb2.Constraint.OPERATOR_IN, values=["a\0b"])]
    pause = cluster_pb2.PausePlacementRequest(reason="red \x1b[31m alert")
    spec = task_pb2.TaskSpec(argv=("/bin/true",))
    refuse_all(
        cluster,
        [
            Bad("an argument", submitting(argv=("/bin/echo", "fine", "a\0b")), "spec.argv[2]"),
            Bad("a variable", submitting(environment={"A": "a\0b"}), "spec.environment[A]"),
            Bad("a variable's name", submitting(environment={"A\0B": "ab"}), "spec.environment"),
            Bad("a folder", submitting(working_directory="/tmp/a\0b"), "spec.working_directory"),
            Bad("a name", submitting(name="a\0b"), "spec.name"),
            Bad("a user", submitting(user="root\0"), "spec.user"),
            Bad("a label's value", submitting(labels={"key": "a\0b"}), "spec.labels[key]"),
            Bad("a label's key", submitting(labels={"a\0b": "v"}), "spec.labels"),
            Bad("a constraint's value", submitting(constraints=values), "spec.constraints[0].values[0]"),
            Bad("a namespace", task_call("Submit", namespace="a\0b", spec=spec), "namespace"),
            Bad("a request id", task_call("Submit", request_id="a\0b", spec=spec), "request_id"),
            Bad("a task's id", task_call("Get", task_id="a\0b"), "task_id"),
            Bad("a reason", calling("cluster", "PausePlacement", pause), "reason"),
        ],
    )


def with_bytes(wrong: bytes, **fields: object) -> bytes:
    """An encoded submission in which `wrong` stands wherever the text TEXT stood."""
    request = {"namespace": NAMESPACE, "spec": task_pb2.TaskSpec(**({"argv": ("/bin/true",)} | fields.pop("spec", {})))}
    encoded = task_pb2.SubmitTaskRequest(**(request | fields)).SerializeToString()
    assert b"TEXT" in encoded and len(wrong) == len(b"TEXT")
    return encoded.replace(b"TEXT", wrong)


@check
def invalid_utf8(cluster: Cluster) -> None:
    """text that is not UTF-8"""
    latin1, surrogate, cut_off = b"\xe4\xf6\xfc!", b"\xed\xa0\x80!", b"ab\xe2\x82"

    def spec(wrong: bytes, **fields: object) -> Call:
        return sending("Submit", with_bytes(wrong, spec=fields))

    refuse_all(
        cluster,
        [
            Bad("an argument", spec(latin1, argv=("/bin/echo", "TEXT")), "spec.argv[1]"),
            Bad("a surrogate", spec(surrogate, argv=("TEXT",)), "spec.argv[0]"),
            Bad("half a character", spec(cut_off, name="TEXT"), "spec.name"),
            Bad("a variable", spec(latin1, environment={"A": "TEXT"}), "spec.environment[A]"),
            Bad("a label's value", spec(latin1, labels={"k": "TEXT"}), "spec.labels[k]"),
            Bad("a label's key", spec(latin1, labels={"TEXT": "v"}), "spec.labels (a key)"),
            Bad("a request id", sending("Submit", with_bytes(latin1, request_id="TEXT")), "request_id"),
            Bad("a namespace", sending("Submit", with_bytes(latin1, namespace="TEXT")), "namespace"),
            Bad("a task's id", sending("Get", b"\x12\x04" + latin1), "task_id"),
        ],
    )


@check
def broken_messages(cluster: Cluster) -> None:
    """messages that end early or are none"""
    whole = with_bytes(b"TEXT", spec={"argv": ("/bin/echo", "TEXT")})
    refuse_all(
        cluster,
        [
            Bad("one byte short", sending("Submit", whole[:-1])),
            Bad("cut off in the middle", sending("Submit", whole[: len(whole) // 2])),
            Bad("a length beyond the end", sending("Submit", b"\x1a\xff\xff\xff\x7f")),
            Bad("noise", sending("Submit", bytes(range(255, 127, -1)))),
            Bad("a group that never ends", sending("Submit", b"\x1b" * 64)),
        ],
    )


@check
def a_mebibyte_and_one(cluster: Cluster) -> None:
    """a message of 1 MiB is taken, one of a byte more is RESOURCE_EXHAUSTED"""
    refuse_all(
        cluster,
        [Bad("1 MiB + 1", task_call("SubmitBatch", specs=specs_of(MEBIBYTE + 1)), code="RESOURCE_EXHAUSTED")],
    )
    specs = specs_of(MEBIBYTE)
    for coordinator in (cluster.leader, cluster.standbys[0]):
        request = task_pb2.SubmitTaskBatchRequest(namespace=NAMESPACE, specs=specs)
        expect("size", request.ByteSize(), MEBIBYTE)
        accepted = coordinator.tasks.SubmitBatch(request, timeout=PATIENCE_S)
        expect("tasks", len(accepted.task_ids), len(specs))
        last = coordinator.get(NAMESPACE, accepted.task_ids[-1], accepted.revision)
        expect("last input", last.spec.standard_input, specs[-1].standard_input)
        chosen = task_pb2.TaskFilter(batch_id=accepted.batch_id)
        request = task_pb2.CancelTasksRequest(namespace=NAMESPACE, filter=chosen)
        expect("affected", coordinator.tasks.Cancel(request, timeout=PATIENCE_S).affected, len(specs))


def specs_of(size: int) -> list[task_pb2.TaskSpec]:
    """Specs that fill a batch of exactly so many bytes. They wait for ever."""
    later = {"argv": ("/bin/cat",), "not_before_ms": 253_402_300_799_999}
    specs = [task_pb2.TaskSpec(standard_input=b"i" * 256 * 1024, **later) for _ in range(3)]
    specs.append(task_pb2.TaskSpec(standard_input=b"i" * 200 * 1024, **later))
    lacking = size - task_pb2.SubmitTaskBatchRequest(namespace=NAMESPACE, specs=specs).ByteSize()
    specs[-1].standard_input += b"i" * lacking
    return specs


def short_keys() -> Iterator[str]:
    letters = string.ascii_letters + string.digits
    return ("".join(letters) for letters in itertools.product(letters, repeat=3))


@check
def a_hundred_thousand_labels(cluster: Cluster) -> None:
    """100,000 labels, as a message that is small enough and as one that is not"""
    short = {key: "v" for key in itertools.islice(short_keys(), 100_000)}
    long = {f"label-{number}": "value" for number in range(100_000)}
    refuse_all(
        cluster,
        [
            Bad("within 1 MiB", submitting(labels=short), "spec.labels"),
            Bad("beyond 1 MiB", submitting(labels=long), code="RESOURCE_EXHAUSTED"),
            Bad("in a filter", task_call("List", filter=task_pb2.TaskFilter(labels=short)), "filter.labels"),
            Bad("for nodes", calling("nodes", "List", node_pb2.ListNodesRequest(labels=short)), "labels"),
        ],
    )


@check
def impossible(cluster: Cluster) -> None:
    """a task that no node could ever run"""
    node = cluster.any.nodes.List(node_pb2.ListNodesRequest(), timeout=PATIENCE_S).nodes[0]
    memory = resources(memory_bytes=2**50)
    nowhere = submitting(resources=memory, constraints=[constraint(key="node.id")])
    batch = task_pb2.SubmitTaskBatchRequest(
        namespace=NAMESPACE,
        specs=[task_pb2.TaskSpec(argv=("/bin/true",)), task_pb2.TaskSpec(argv=("/bin/true",), resources=memory)],
    )
    refuse_all(
        cluster,
        [
            Bad("cpu", submitting(resources=resources(cpu_millis=9_999_999)), "spec.resources"),
            Bad("memory", submitting(resources=memory), "spec.resources"),
            Bad("a count", submitting(resources=resources(counts={"unobtainium": 1})), "spec.resources"),
            Bad("with a constraint that is met", nowhere, "spec.resources"),
            Bad("in a batch", calling("tasks", "SubmitBatch", batch), "specs[1].resources"),
        ],
    )
    fits = resources(cpu_millis=node.inventory.allocatable.cpu_millis)
    accepted = cluster.any.submit(NAMESPACE, task_pb2.TaskSpec(argv=("/bin/true",), resources=fits))
    expect_that(accepted.task_id != "", "a task that just fits to be accepted", accepted)
    cluster.any.end_of(NAMESPACE, accepted.task_id)


@check
def unknown_things(cluster: Cluster) -> None:
    """tasks, batches, attempts and nodes that are not there"""
    on_tasks = [
        Bad(method, task_call(method, task_id=UNKNOWN), code="NOT_FOUND")
        for method in ("Get", "Retry", "Hold", "Release", "Logs", "Explain", "Cancel", "Watch")
    ]
    on_nodes = [
        Bad(
            f"{method} of a node",
            node_call(method, node_id="no-such-node"),
            code="NOT_FOUND",
        )
        for method in ("Get", "Cordon", "Uncordon", "Drain", "Remove")
    ]
    spec = task_pb2.TaskSpec(argv=("/bin/true",))
    refuse_all(
        cluster,
        [
            *on_tasks,
            *on_nodes,
            Bad("progress of a batch", task_call("GetBatch", batch_id=UNKNOWN), code="NOT_FOUND"),
            Bad("adding to a batch", task_call("SubmitBatch", batch_id=UNKNOWN, specs=[spec]), code="NOT_FOUND"),
            Bad("a method", sending("Abolish", b""), code="UNIMPLEMENTED"),
        ],
    )


@check
def malformed_positions(cluster: Cluster) -> None:
    """page tokens and revisions that nobody gave out"""
    leader = cluster.leader
    for _ in range(2):
        leader.end_of(NAMESPACE, leader.submit(NAMESPACE, task_pb2.TaskSpec(argv=("/bin/true",))).task_id)
    token = leader.list(NAMESPACE, page_size=1).next_page_token
    expect_that(token != "", "a second page", token)
    chosen = task_pb2.TaskFilter(name="true")
    events = cluster_pb2.ClusterEventsRequest(from_revision="yesterday")
    nodes = node_pb2.ListNodesRequest(page_token="?")
    refuse_all(
        cluster,
        [
            Bad("a page token", task_call("List", page_token="garbage!"), "page_token"),
            Bad("a long page token", task_call("List", page_token="A" * 100_000), "page_token"),
            Bad("one of the other order", task_call("List", page_token=token, newest_first=True), "page_token"),
            Bad("a page token for nodes", calling("nodes", "List", nodes), "page_token"),
            Bad("min_revision", task_call("List", min_revision="soon"), "min_revision"),
            Bad("min_revision of Get", task_call("Get", task_id=UNKNOWN, min_revision="1"), "min_revision"),
            Bad("a huge min_revision", task_call("List", min_revision=f"a.{10**17}"), "min_revision"),
            Bad("a negative min_revision", task_call("List", min_revision="a.-1"), "min_revision"),
            Bad("from_revision", task_call("Watch", filter=chosen, from_revision="yesterday"), "from_revision"),
            Bad("from_revision of events", calling("cluster", "Events", events), "from_revision"),
        ],
    )


@check
def many_mistakes(cluster: Cluster) -> None:
    """a request that is wrong in a hundred ways is refused in a few words, which fit what clients read"""
    labels = {f"{index:03}" + "\x01" * 97: "v" for index in range(60)}
    names = {f"{index:03}" + "\x01" * 97: "v" for index in range(100)}
    longest = {"V" * 125 + f"{index:03}": "a\0" for index in range(100)}
    widest = ["世" * 100_000, *("\0" for _ in range(99))]
    refuse_all(
        cluster,
        [
            Bad("labels", submitting(labels=labels), "spec.labels"),
            Bad("variables", submitting(environment=names), "spec.environment"),
            Bad("long fields", submitting(environment=longest)),
            Bad("arguments", submitting(argv=widest), "spec.argv[1]"),
            Bad("beyond ASCII", submitting(name="世" * 100_000), "spec.name"),
        ],
    )


@check
def names_of_the_language(cluster: Cluster) -> None:
    """names that mean something in the server's language are kept or refused, never dropped"""
    for name in ("__proto__", "constructor", "toString", "hasOwnProperty"):
        environment = {name: "kept"}
        spec = task_pb2.TaskSpec(argv=("/bin/true",), environment=environment)
        accepted = cluster.leader.submit(NAMESPACE, spec)
        task = cluster.leader.end_of(NAMESPACE, accepted.task_id)
        expect(f"environment with {name}", dict(task.spec.environment), environment)


@check
def goes_on(cluster: Cluster) -> None:
    """after all of this every coordinator is healthy, the same one leads, and a task runs to its end"""
    expect("leaders", len({coordinator.status().epoch for coordinator in cluster.coordinators}), 1)
    for coordinator in cluster.coordinators:
        answer = coordinator.health.Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE_S)
        expect("health", answer.status, health_pb2.HealthCheckResponse.SERVING)
        task_id = coordinator.submit(NAMESPACE, task_pb2.TaskSpec(argv=("/bin/true",))).task_id
        expect("state", coordinator.end_of(NAMESPACE, task_id).state, task_pb2.TASK_STATE_SUCCEEDED)
    chosen = task_pb2.TaskFilter(name="true")
    listed = cluster.leader.list(NAMESPACE, filter=chosen, page_size=1000).tasks
    expect("tasks that have not ended", [task.id for task in listed if task.state not in ENDED], [])
