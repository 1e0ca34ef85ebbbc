"""A record that is new goes into its row as columns, one that we hold by name: both must come to the same."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from organiser_portal.connections.models import Connection
from organiser_portal.events.ingest import Place
from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.columns import ENTRY_COLUMNS, Incoming, entry_values
from organiser_portal.participants.ingest import Context, ingest_entries
from organiser_portal.participants.models import Entry
from providers.records import Answer, EntryRecord, EntryStatus, Gender, Money, OrderLine, Person
from tests.conftest import NOW
from tests.factories import make_connection, make_listing, make_ticket_type

PERSON = Person(
    first_name="Siobhán\t",
    last_name="O'Br\\ien",
    email="s@b.example",
    birth_date=date(1990, 4, 5),
    gender=Gender.FEMALE,
)
FULL = EntryRecord(
    external_id="1",
    event_id="e",
    race_id="r",
    status=EntryStatus.DEFERRED,
    status_text="Deferred\nto 2028",
    person=PERSON,
    bib="0417",
    wave="A",
    ticket_type_id="t",
    ticket_title="Early",
    list_price=Money(minor=4200, currency="GBP"),
    booking_id="b1",
    booker_name="Ann",
    booker_email="ann@b.example",
    application_id="a1",
    partner_name="Oxfam",
    partner_group="Oxfam 10K",
    partner_group_id="g1",
    partner_other_ids=(("enthuse", "17"),),
    codes=("EARLY",),
    tags=("club", "vip"),
    answers=(
        Answer(question_id="q", label="T-shirt\t?", value='"M" \\ L'),
        Answer(question_id="n", label="", value="é"),
    ),
    orders=(OrderLine(sku_id="s", quantity=2),),
    affiliations=(("ea", "123"),),
    created_at=datetime(2027, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
    updated_at=NOW,
)
BARE = EntryRecord(external_id="2", event_id="e", race_id="r")
UNKNOWN_UNIT = EntryRecord(
    external_id="3", event_id="e", race_id="r", list_price=Money(minor=None, currency="", unknown_unit=Decimal("42.50"))
)


@pytest.fixture
def listing(organisation: Organisation) -> Listing:
    return make_listing(make_connection(organisation))


def incoming(listing: Listing, records: Iterable[EntryRecord]) -> list[Incoming]:
    ticket, place = make_ticket_type(listing), Place(race_id=listing.race_id, listing_id=listing.pk)
    return [
        Incoming(record=record, fingerprint=b"1", place=place, now=NOW, ticket_type_id=ticket.pk) for record in records
    ]


def stored(connection: Connection, items: list[Incoming], *, new: bool) -> dict[str, dict[str, object]]:
    unheld = frozenset(item.record.external_id for item in items) if new else frozenset[str]()
    with transaction.atomic():
        ingest_entries(items, context=Context(connection=connection, now=NOW, run_id=1, unheld=unheld))
    columns = ("external_id", "sort_name", "search_text", *ENTRY_COLUMNS)
    return {row["external_id"]: row for row in Entry.objects.values(*columns)}


def test_new_and_held_records_come_to_the_same_rows(listing: Listing) -> None:
    items = incoming(listing, (FULL, BARE, UNKNOWN_UNIT))
    as_new = stored(listing.connection, items, new=True)
    Entry.objects.update(fingerprint=b"0", first_name="", answers=[], orders=[], status="live", price_minor=1)
    assert stored(listing.connection, items, new=False) == as_new


def test_a_row_holds_what_the_record_says(listing: Listing) -> None:
    items = incoming(listing, (FULL, BARE, UNKNOWN_UNIT))
    rows = stored(listing.connection, items, new=True)
    for item in items:
        said = entry_values(item)
        assert {name: rows[item.record.external_id][name] for name in ENTRY_COLUMNS} == said
    assert rows["1"]["answers"] == [
        {"question_id": "q", "label": "T-shirt\t?", "value": '"M" \\ L'},
        {"question_id": "n", "label": "", "value": "é"},
    ]
    assert (rows["1"]["orders"], rows["1"]["affiliations"]) == ([{"sku_id": "s", "quantity": 2}], {"ea": "123"})
    assert (rows["1"]["search_text"], rows["1"]["entered_at"]) == (
        " siobhan o'br\\ien s@b.example 0417",
        FULL.created_at,
    )
    assert (rows["2"]["entered_at"], rows["2"]["remote_updated_at"], rows["3"]["price_unknown"]) == (
        NOW,
        None,
        Decimal("42.5000"),
    )
