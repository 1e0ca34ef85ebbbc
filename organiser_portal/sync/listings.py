"""What the provider of a connection declares about one of its listings."""

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection
from providers.port import Cadence, Resource


def resource_of(connection: Connection, key: str) -> Resource:
    """Raises LookupError for a listing that the provider does not have (any more)."""
    for resource in gateway.provider_class(connection.provider).resources:
        if resource.key == key:
            return resource
    raise LookupError(f"no resource {key}")


def cadence_of(connection: Connection, key: str) -> Cadence:
    """How often it is worth asking; what the provider does not have any more, seldom."""
    try:
        return resource_of(connection, key).cadence
    except LookupError:
        return Cadence.SLOW
