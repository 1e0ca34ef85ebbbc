"""What a sync does when the provider speaks again about an entry."""

from typing import Any

from organiser_portal.events.ingest import Place
from organiser_portal.participants import fields
from organiser_portal.participants.columns import ENTRY_COLUMNS, Incoming
from organiser_portal.participants.ingest import Context, ingest_entries
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services.overriding import provider_value
from providers.records import PERSON_FIELDS, Answer, EntryRecord, EntryStatus, Gender, Money, OrderLine, Person
from tests.conftest import NOW

RUN = 812
AS_CALLED_HERE = (
    *("external_id", "status_text", "person_is_booker", "ticket_title", "booking_id", "booker_name", "booker_email"),
    *("partner_name", "partner_group", "redacted"),
)


def hear(entry: Entry, *, run: int = RUN, **theirs: Any) -> Entry:
    """The provider says what it said before, but for ``theirs``; the entry as it is afterwards."""
    entry.refresh_from_db()
    assert entry.connection is not None
    before = {name: getattr(entry, name) for name in ENTRY_COLUMNS}
    beneath = {name: fields.from_stored(name, provider_value(entry, name)) for name in entry.overrides}
    values = {**before, **beneath, **theirs}
    incoming = Incoming(
        record=_record({**values, "external_id": str(entry.external_id)}),
        fingerprint=b"new",
        place=Place(race_id=values["race_id"], listing_id=values["listing_id"]),
        now=NOW,
        ticket_type_id=values["ticket_type_id"],
    )
    ingest_entries([incoming], context=Context(connection=entry.connection, now=NOW, run_id=run))
    entry.refresh_from_db()
    return entry


def _record(values: dict[str, Any]) -> EntryRecord:
    price = Money(minor=values["price_minor"], currency=values["currency"], unknown_unit=values["price_unknown"])
    person = {name: values[name] for name in PERSON_FIELDS}
    return EntryRecord(
        event_id="event",
        race_id="race",
        person=Person(**{**person, "gender": Gender(person["gender"])}),
        status=EntryStatus(values["status"]),
        bib=values["provider_bib"],
        wave=values["provider_wave"],
        list_price=price if values["currency"] or values["price_minor"] is not None else None,
        application_id=values["application_external_id"],
        partner_group_id=values["partner_group_external_id"],
        partner_other_ids=tuple((kind, number) for kind, number in values["partner_other_ids"]),
        codes=tuple(values["codes"]),
        tags=tuple(values["tags"]),
        answers=tuple(Answer(**answer) for answer in values["answers"]),
        orders=tuple(OrderLine(**line) for line in values["orders"]),
        affiliations=tuple(values["affiliations"].items()),
        created_at=values["entered_at"],
        updated_at=values["remote_updated_at"],
        **{name: values[name] for name in AS_CALLED_HERE},
    )
