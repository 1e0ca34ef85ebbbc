"""What the audit trail remembers of a connection."""

from datetime import datetime

from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import AuditRecord


def secrets_changed_at(connection: Connection) -> dict[str, datetime]:
    """When each secret was last entered, by name; one that nobody entered here is missing."""
    lines = AuditRecord.objects.filter(
        organisation=connection.organisation_id,
        action__in=["connection.created", "connection.changed"],
        detail__connection=connection.pk,
    )
    changed: dict[str, datetime] = {}
    for at, detail in lines.order_by("id").values_list("at", "detail"):
        changed |= dict.fromkeys(detail.get("secrets", ()), at)
    return changed
