"""When a provider has erased a person, their name goes from the gates too."""

from collections.abc import Collection

from organiser_portal.admissions.models import Admission
from organiser_portal.connections.models import Connection, RejectedRecord
from organiser_portal.connections.payloads import forget
from providers.records import Kind


def erase_holders(connection: Connection, tickets: Collection[str]) -> None:
    """Blank the names of who came in with these tickets, and drop what the provider once sent about it."""
    came = Admission.objects.filter(connection=connection, ticket__in=tickets)
    external_ids = list(came.values_list("external_id", flat=True))
    forget(connection, Kind.ADMISSION, external_ids)
    rejected = RejectedRecord.objects.filter(connection=connection, kind=Kind.ADMISSION)
    rejected.filter(external_id__in=external_ids).delete()
    came.update(name="")
