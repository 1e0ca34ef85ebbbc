"""What is kept of what providers sent."""

from organiser_portal.connections.models import Connection, PayloadBundle
from organiser_portal.connections.payloads import every
from providers.bundles import opened
from providers.records import Kind


def kept(connection: Connection, kind: Kind = Kind.ENTRY) -> dict[str, bytes]:
    """The payload of each record of one kind."""
    found = [pair for some in every(connection, kind) for pair in some]
    assert len(dict(found)) == len(found), "each once"
    return dict(found)


def in_bundles() -> list[str]:
    """The ids of all records in all bundles, whether a row counts before them or not."""
    return [external_id for bundle in PayloadBundle.objects.order_by("pk") for external_id, _ in opened(bundle.data)]
