"""The rows of one table that a batch is about are read together and written together."""

from collections.abc import Sequence

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.models import Connection
from organiser_portal.events.models import EventListing, Listing, Race
from organiser_portal.events.sheet import Sheet
from organiser_portal.organisations.models import Organisation
from tests.conftest import NOW
from tests.factories import make_connection, make_event

MANY = 1_000


@pytest.fixture
def connection(organisation: Organisation) -> Connection:
    return make_connection(organisation)


@pytest.fixture
def ids(connection: Connection, organisation: Organisation) -> Sequence[str]:
    """Of many races at one event, of which nobody has sold a place."""
    common = {"organisation": organisation, "connection": connection, "first_seen": NOW, "last_seen": NOW}
    event = make_event(organisation)
    at = EventListing.objects.create(event=event, external_id="e", **common)
    races = [Race(organisation=organisation, event=event, name=f"Race {number}") for number in range(MANY)]
    named = {f"{number}": race for number, race in enumerate(Race.objects.bulk_create(races))}
    Listing.objects.bulk_create(
        Listing(race=race, event_listing=at, external_id=key, name=race.name, sold=0, **common)
        for key, race in named.items()
    )
    return list(named)


def sheet_of(connection: Connection, ids: Sequence[str]) -> Sheet[Listing]:
    return Sheet(Listing.objects.filter(connection=connection), ids, ("name", "sold", "fingerprint"))


def test_what_has_changed_is_written_and_nothing_else(connection: Connection, ids: Sequence[str]) -> None:
    sheet = sheet_of(connection, ids[:4])
    sheet.rows["1"].sold, sheet.rows["2"].name = 7, "Hexley 10K"
    other = Race.objects.earliest("pk")
    Listing.objects.filter(external_id="1").update(race=other, capacity=70)  # by somebody else, meanwhile
    sheet.save(NOW)
    told = dict(Listing.objects.values_list("external_id", "sold"))
    assert told == dict.fromkeys(ids, 0) | {"1": 7}
    assert Listing.objects.get(external_id="2").name == "Hexley 10K"
    linked = Listing.objects.get(external_id="1")
    assert (linked.race_id, linked.capacity, linked.name) == (other.pk, 70, "Race 1")


def test_many_are_written_together(connection: Connection, ids: Sequence[str]) -> None:
    sheet = sheet_of(connection, ids)
    for row in sheet.rows.values():
        row.sold, row.fingerprint = 1, b"another"
    with CaptureQueriesContext(database) as asked:
        sheet.save(NOW)
    assert not any("CASE" in one["sql"] for one in asked), "Django's own way takes half a minute for twenty thousand"
    assert set(Listing.objects.values_list("sold", flat=True)) == {1}
