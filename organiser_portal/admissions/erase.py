"""When a provider has erased a person, their name goes from the gates too."""

from collections.abc import Collection

from organiser_portal.admissions.models import Admission
from organiser_portal.connections.models import Connection, RejectedRecord, SourcePayload
from providers.records import Kind


def erase_holders(connection: Connection, tickets: Collection[str]) -> None:
    """Blank the names of who came in with these tickets, and drop what the provider once sent about it."""
    came = Admission.objects.filter(connection=connection, ticket__in=tickets)
    for model in (SourcePayload, RejectedRecord):
        stored = model.objects.filter(connection=connection, kind=Kind.ADMISSION)
        stored.filter(external_id__in=came.values("external_id")).delete()
    came.update(name="")
