"""What a sync does when the provider speaks again about an entry."""

from typing import Any

from organiser_portal.participants import fields
from organiser_portal.participants.columns import ENTRY_COLUMNS
from organiser_portal.participants.ingest import Context, Incoming, ingest_entries
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services.overriding import provider_value
from tests.conftest import NOW

RUN = 812


def hear(entry: Entry, *, run: int = RUN, **theirs: Any) -> Entry:
    """The provider says what it said before, but for ``theirs``; the entry as it is afterwards."""
    entry.refresh_from_db()
    assert entry.connection is not None
    before = {name: getattr(entry, name) for name in ENTRY_COLUMNS}
    beneath = {name: fields.from_stored(name, provider_value(entry, name)) for name in entry.overrides}
    values = {**before, **beneath, **theirs}
    incoming = Incoming(
        external_id=str(entry.external_id),
        fingerprint=b"new",
        updated_at=values["remote_updated_at"],
        redacted=values["redacted"],
        values=lambda: values,
    )
    ingest_entries([incoming], context=Context(connection=entry.connection, now=NOW, run_id=run))
    entry.refresh_from_db()
    return entry
