"""When a provider has erased a person, every trace here goes too: history, queued changes, conflicts, payloads."""

from collections.abc import Collection

from organiser_portal.connections.models import Connection, OutboundChange, PushState, RejectedRecord
from organiser_portal.connections.payloads import forget
from organiser_portal.participants.mirror import mirror
from organiser_portal.participants.models import BatchItem, Conflict, Entry, ImportRow, Revision, SettledField
from providers.records import Kind


def erase_traces(connection: Connection, external_ids: Collection[str]) -> None:
    """Empty what lies beside the erased entries. Ids, event, race, ticket and times stay; the rows are ingest's."""
    if not external_ids:
        return
    entries = Entry.objects.filter(connection=connection, external_id__in=external_ids)
    entries.update(notes="", own_tags="")
    ids = list(entries.values_list("id", flat=True))
    Revision.objects.filter(entry_id__in=ids).update(changes=[], summary="", before={}, after={})
    for values_beside in (Conflict, SettledField):
        values_beside.objects.filter(entry_id__in=ids).delete()
    ImportRow.objects.filter(entry_id__in=ids).update(
        name="", sort_name="", birth_date=None, email="", reason="", before={}, after={}
    )
    BatchItem.objects.filter(entry_id__in=ids).update(reason="", before={}, after={})
    changes = OutboundChange.objects.filter(entry_id__in=ids)
    changes.update(values={}, field_errors={}, message="")
    # Whoever is sending one finds that it is not theirs any more, and writes nothing.
    left = {"state": PushState.DISCARDED, "due_at": None, "lease": "", "leased_until": None}
    changes.exclude(state=PushState.CONFIRMED).update(**left)
    mirror(ids)
    erase_stored(connection, Kind.ENTRY, external_ids)


def erase_stored(connection: Connection, kind: Kind, external_ids: Collection[str]) -> None:
    """Drop what the provider once sent about these."""
    forget(connection, kind, external_ids)
    erase_rejected(connection, kind, external_ids)


def erase_rejected(connection: Connection, kind: Kind, external_ids: Collection[str]) -> None:
    """The same for who is new. Payloads are kept of those alone who stand among our rows, and they stay there: whoever
    does not has left nothing but what could not be read.
    """
    if external_ids:
        RejectedRecord.objects.filter(connection=connection, kind=kind, external_id__in=external_ids).delete()
