"""grpc.health.v1, as load balancers and orchestrators ask it."""

from grpc_health.v1 import health_pb2

from checks import check, expect
from wire import PATIENCE_S, Cluster, refusal_of

SERVICES = ("TaskService", "NodeService", "ClusterService", "AgentService", "PeerService")
SERVING = health_pb2.HealthCheckResponse.SERVING


@check
def is_serving(cluster: Cluster) -> None:
    """every coordinator serves, as a whole and each of its services"""
    for coordinator in cluster.coordinators:
        for service in ("", *(f"holdfast.v1.{name}" for name in SERVICES)):
            answer = coordinator.health.Check(health_pb2.HealthCheckRequest(service=service), timeout=PATIENCE_S)
            expect(f"health of {service!r} at {coordinator.address}", answer.status, SERVING)


@check
def is_watched(cluster: Cluster) -> None:
    """a watch of the health begins with the present one"""
    stream = cluster.any.health.Watch(health_pb2.HealthCheckRequest(service=""), timeout=PATIENCE_S)
    expect("first status", next(iter(stream)).status, SERVING)
    stream.cancel()


@check
def unknown_service(cluster: Cluster) -> None:
    """a service that does not exist is NOT_FOUND"""
    request = health_pb2.HealthCheckRequest(service="holdfast.v1.Nothing")
    refusal = refusal_of(lambda: cluster.any.health.Check(request, timeout=PATIENCE_S))
    expect("code", refusal and refusal.code, "NOT_FOUND")
