"""A record that is new goes into its row as columns, one that we hold by name: both must come to the same."""

import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection as database
from django.db import transaction
from msgspec.structs import replace

from organiser_portal.connections.models import Connection
from organiser_portal.events.ingest import Place
from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.columns import ENTRY_COLUMNS, Incoming, entry_values
from organiser_portal.participants.ingest import Context, ingest_entries, writer
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


def incoming(listing: Listing, records: Iterable[EntryRecord]) -> list[Incoming[EntryRecord]]:
    ticket, place = make_ticket_type(listing), Place(race_id=listing.race_id, listing_id=listing.pk)
    return [
        Incoming(record=record, fingerprint=b"1", place=place, now=NOW, ticket_type_id=ticket.pk) for record in records
    ]


def stored(connection: Connection, items: Sequence[Incoming[Any]], *, new: bool) -> dict[str, dict[str, object]]:
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


@pytest.mark.skipif(database.vendor != "postgresql", reason="SQLite takes no COPY")
def test_a_row_written_beforehand_comes_to_the_same(listing: Listing) -> None:
    write, records = writer(), (FULL, BARE, UNKNOWN_UNIT)
    assert write
    as_read = incoming(listing, records)
    as_new = stored(listing.connection, as_read, new=True)
    Entry.objects.all().delete()
    items = [replace(item, record=one) for item, one in zip(as_read, write(records), strict=True)]
    assert stored(listing.connection, items, new=True) == as_new
    assert len(set(Entry.objects.values_list("reference", flat=True))) == len(records)
    # Somebody else has put one of them there meanwhile: then all of them go the long way.
    kept = set(Entry.objects.exclude(external_id="1").values_list("external_id", "reference", "entered_at"))
    Entry.objects.filter(external_id="1").delete()
    Entry.objects.update(first_name="", status="gone")
    assert stored(listing.connection, items, new=True) == as_new
    assert kept < set(Entry.objects.values_list("external_id", "reference", "entered_at"))


@pytest.mark.skipif(database.vendor == "postgresql", reason="PostgreSQL does")
def test_nothing_is_written_beforehand_for_a_database_that_takes_no_copy() -> None:
    assert writer() is None


def test_whoever_writes_beforehand_needs_neither_django_nor_celery() -> None:
    loaded = "import sys, organiser_portal.participants.ahead; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    assert "organiser_portal.participants.ahead" in told
    assert not {"django", "celery"} & set(told)


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
