"""What became of an application."""

from collections.abc import Iterable, Sequence

from organiser_portal.core.columns import Row
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry

type Remote = tuple[int, str]
"""Connection id, and the application's id at its provider."""


def became(organisation: Organisation, applications: Iterable[Remote]) -> dict[Remote, int]:
    """Which entry (its id) each of these applications became."""
    wanted = set(applications)
    entries = Entry.objects.of(organisation).filter(
        connection_id__in={connection_id for connection_id, _ in wanted},
        application_external_id__in={external_id for _, external_id in wanted},
    )
    # Says nothing new, but lets both databases use the index that leaves blanks out.
    named = entries.exclude(application_external_id="").order_by("-id")
    found = named.values_list("connection_id", "application_external_id", "id")
    return {(at, remote): pk for at, remote, pk in found if at is not None and (at, remote) in wanted}


def with_entries(organisation: Organisation, rows: Sequence[Row]) -> list[Row]:
    """The same rows, each with ``became``: the id of its entry, or None."""
    entries = became(organisation, [(row["connection_id"], row["external_id"]) for row in rows])
    return [{**row, "became": entries.get((row["connection_id"], row["external_id"]))} for row in rows]
