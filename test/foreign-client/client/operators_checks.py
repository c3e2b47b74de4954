"""What operators ask for: nodes, the cluster at a glance, its events."""

from __future__ import annotations

import time

from holdfast.v1 import cluster_pb2, node_pb2

from checks import check, expect, expect_that
from wire import PATIENCE_S, Cluster, Coordinator


def nodes_of(coordinator: Coordinator, **wishes: object) -> list[node_pb2.Node]:
    return list(coordinator.nodes.List(node_pb2.ListNodesRequest(**wishes), timeout=PATIENCE_S).nodes)


def node(coordinator: Coordinator, node_id: str, revision: str = "") -> node_pb2.Node:
    request = node_pb2.GetNodeRequest(node_id=node_id, min_revision=revision)
    return coordinator.nodes.Get(request, timeout=PATIENCE_S).node


@check
def nodes(cluster: Cluster) -> None:
    """every coordinator lists the nodes as ready, with their inventory, and hears them itself"""
    for coordinator in cluster.coordinators:
        listed = nodes_of(coordinator)
        expect_that(len(listed) > 0, "a node", listed)
        for found in listed:
            expect(f"state of {found.id}", found.state, node_pb2.NODE_STATE_READY)
            expect_that(found.inventory.cpu_cores > 0, "cores", found.inventory.cpu_cores)
            expect_that(found.inventory.memory_bytes > 2**20, "memory", found.inventory.memory_bytes)
            expect_that(found.inventory.allocatable.cpu_millis > 0, "cpu to give away", found.inventory.allocatable)
            expect_that(0 <= found.last_beat_age_ms < 10_000, "a beat not long ago", found.last_beat_age_ms)
            expect("the same by Get", node(coordinator, found.id).inventory, found.inventory)


@check
def metrics(cluster: Cluster) -> None:
    """a node's measurements arrive"""
    deadline = time.monotonic() + PATIENCE_S
    found = nodes_of(cluster.any)[0]
    # Rates take two measurements; before, they are negative.
    while not (found.metrics.measured_at_ms and found.metrics.cpu_used >= 0) and time.monotonic() < deadline:
        time.sleep(0.2)
        found = nodes_of(cluster.any)[0]
    expect_that(found.metrics.measured_at_ms > 0, "metrics within some seconds", found.metrics)
    expect_that(found.metrics.memory_available_bytes > 0, "available memory", found.metrics.memory_available_bytes)
    expect_that(0 <= found.metrics.cpu_used <= 1, "a fraction of the cpu", found.metrics.cpu_used)


@check
def cordon(cluster: Cluster) -> None:
    """a node is cordoned and uncordoned, seen at once by who reads at that revision, and told to who watches"""
    coordinator = cluster.coordinators[-1]
    node_id = nodes_of(coordinator)[0].id
    stream = coordinator.nodes.Watch(node_pb2.WatchNodesRequest(node_id=node_id), timeout=PATIENCE_S)
    changes = iter(stream)
    while not next(changes).caught_up:
        pass
    request = node_pb2.CordonNodeRequest(node_id=node_id, reason="a foreign client says so")
    revision = coordinator.nodes.Cordon(request, timeout=PATIENCE_S).revision
    try:
        for reader in cluster.coordinators:
            expect("cordoned", node(reader, node_id, revision).cordoned, True)
        while not any(told.cordoned for told in next(changes).nodes):
            pass
    finally:
        stream.cancel()
        uncordon = node_pb2.UncordonNodeRequest(node_id=node_id)
        revision = coordinator.nodes.Uncordon(uncordon, timeout=PATIENCE_S).revision
    expect("cordoned", node(cluster.any, node_id, revision).cordoned, False)


@check
def status(cluster: Cluster) -> None:
    """every coordinator says the same of who leads, and lists all coordinators and nodes"""
    said = [coordinator.status() for coordinator in cluster.coordinators]
    expect("leaders", len({(answer.leader_id, answer.leader_address, answer.epoch) for answer in said}), 1)
    first = said[0]
    expect_that(first.epoch > 0, "an epoch", first.epoch)
    addresses = {coordinator.address for coordinator in cluster.coordinators}
    for answer in said:
        listed = {coordinator.address: coordinator for coordinator in answer.coordinators}
        expect_that(addresses <= set(listed), "all coordinators", sorted(listed))
        leading = [coordinator.id for coordinator in answer.coordinators if coordinator.leads]
        expect("those that lead", leading, [first.leader_id])
        expect_that(all(listed[address].reachable for address in addresses), "all reachable", list(listed.values()))
        expect("from_leader", answer.read.from_leader, answer.read.coordinator_id == first.leader_id)
        expect_that(abs(answer.read.as_of_ms - time.time() * 1000) < 10_000, "a recent as_of_ms", answer.read.as_of_ms)
        expect_that(answer.nodes["NODE_STATE_READY"] > 0, "nodes that are ready", dict(answer.nodes))
        expect_that(answer.allocatable.cpu_millis > 0, "cpu of all nodes", answer.allocatable)


@check
def paused(cluster: Cluster) -> None:
    """placement is paused and resumed, and every coordinator says so"""
    request = cluster_pb2.PausePlacementRequest(reason="maintenance")
    revision = cluster.standbys[0].cluster.PausePlacement(request, timeout=PATIENCE_S).revision
    try:
        for coordinator in cluster.coordinators:
            wanted = cluster_pb2.ClusterStatusRequest(min_revision=revision)
            answer = coordinator.cluster.Status(wanted, timeout=PATIENCE_S)
            came = (answer.placement_paused, answer.placement_paused_reason)
            expect("paused, and why", came, (True, "maintenance"))
    finally:
        cluster.any.cluster.ResumePlacement(cluster_pb2.ResumePlacementRequest(), timeout=PATIENCE_S)


@check
def events(cluster: Cluster) -> None:
    """events tell of the election and of the node, in order; only the newest when only those are asked for"""
    for coordinator in cluster.coordinators:
        stream = coordinator.cluster.Events(cluster_pb2.ClusterEventsRequest(), timeout=PATIENCE_S)
        told = [event for response in stream for event in response.events]
        kinds = {event.kind for event in told}
        expect_that({"leader.elected", "node.joined"} <= kinds, "leader.elected and node.joined", sorted(kinds))
        sequences = [event.sequence for event in told]
        expect("sequences, which rise", sequences, sorted(set(sequences)))
        newest = coordinator.cluster.Events(cluster_pb2.ClusterEventsRequest(tail=2), timeout=PATIENCE_S)
        expect("the newest two", [e.sequence for r in newest for e in r.events], sequences[-2:])


@check
def events_followed(cluster: Cluster) -> None:
    """events are followed: what happens after the call arrives on the open stream"""
    request = cluster_pb2.ClusterEventsRequest(follow=True, tail=1)
    stream = cluster.standbys[0].cluster.Events(request, timeout=PATIENCE_S)
    responses = iter(stream)
    next(responses)
    node_id = nodes_of(cluster.any)[0].id
    cordoning = node_pb2.CordonNodeRequest(node_id=node_id, reason="followed")
    cluster.any.nodes.Cordon(cordoning, timeout=PATIENCE_S)
    cluster.any.nodes.Uncordon(node_pb2.UncordonNodeRequest(node_id=node_id), timeout=PATIENCE_S)
    kinds: list[str] = []
    while "node.uncordoned" not in kinds:
        kinds += [event.kind for event in next(responses).events if event.subject == node_id]
    stream.cancel()
    expect("kinds", kinds, ["node.cordoned", "node.uncordoned"])
