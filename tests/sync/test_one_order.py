"""Whoever writes many entries takes them in one order, so that no two wait for each other crosswise."""

from collections.abc import Callable

import pytest
from django.db import connection as database
from django.db import transaction

from organiser_portal.connections.models import Connection
from organiser_portal.events.models import Event, EventListing, Listing, Race
from organiser_portal.events.services import link_listing
from organiser_portal.organisations.models import User
from organiser_portal.participants.models import Entry
from organiser_portal.sync import outbox
from organiser_portal.sync.retire import SeenIds, retire_absent
from providers.records import Kind
from tests.conftest import NOW
from tests.waiting import while_at_work

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(database.vendor == "sqlite", reason="one writer at a time by nature"),
]


@pytest.fixture
def listing(connection: Connection) -> Listing:
    race = race_of(connection)
    common = {"organisation": connection.organisation, "connection": connection, "first_seen": NOW, "last_seen": NOW}
    event_listing = EventListing.objects.create(external_id="E", event=race.event, **common)
    return Listing.objects.create(external_id="R", race=race, event_listing=event_listing, **common)


@pytest.fixture
def entries(listing: Listing) -> list[int]:
    """Two, of which the older lies behind the younger one on disk, where a statement finds it later."""
    made = [
        Entry.objects.create(
            organisation=listing.organisation,
            connection=listing.connection,
            listing=listing,
            race=listing.race,
            external_id=number,
            first_seen=NOW,
            last_seen=NOW,
            entered_at=NOW,
        ).pk
        for number in ("1", "2")
    ]
    Entry.objects.filter(pk=made[0]).update(notes="moved")
    return made


def race_of(connection: Connection) -> Race:
    event = Event.objects.create(organisation=connection.organisation, name="Hexley")
    return Race.objects.create(organisation=connection.organisation, event=event, name="10K")


def beside(act: Callable[[], object], entries: list[int]) -> None:
    """``act`` comes while somebody takes them one after the other, and finds them as they lie."""

    def as_they_lie() -> None:
        with transaction.atomic():
            with database.cursor() as cursor:
                cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
            act()

    with while_at_work(as_they_lie) as let_it_come:
        outbox.hold(entries[:1])
        let_it_come()
        outbox.hold(entries[1:])


def test_a_walk_that_marks_what_is_gone(connection: Connection, entries: list[int]) -> None:
    def retire() -> None:
        retire_absent(connection=connection, kind=Kind.ENTRY, seen=SeenIds(), now=NOW, believed=True)

    beside(retire, entries)
    assert Entry.objects.filter(gone_at=NOW).count() == 2


def test_a_listing_that_is_linked_to_another_race(listing: Listing, entries: list[int], owner: User) -> None:
    race = race_of(listing.connection)
    beside(lambda: link_listing(listing=listing, race=race, actor=owner), entries)
    assert race.entries.count() == 2
