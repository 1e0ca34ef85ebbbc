"""What is said about events, races and tickets is looked up together, and written only where it says something new."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.events.ingest import Catalogue
from organiser_portal.events.models import Event, EventListing, Listing, Race, TicketType
from organiser_portal.organisations.models import Organisation
from providers.records import EventRecord, RaceRecord, TicketTypeRecord
from tests.conftest import NOW
from tests.factories import make_connection

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

type Record = EventRecord | RaceRecord | TicketTypeRecord


@pytest.fixture
def take(organisation: Organisation) -> Callable[..., list[str]]:
    """Store what a later run hears; gives what it said to the database."""
    connection = make_connection(organisation)

    def statements(*said: Record, fingerprint: bytes | None = None) -> list[str]:
        with CaptureQueriesContext(database) as caught:
            Catalogue(connection=connection, now=lambda: NOW).take((each, fingerprint) for each in said)
        return [query["sql"] for query in caught.captured_queries]

    return statements


def mentions(*numbers: int, name: str = "10K", as_of: datetime = NOW) -> list[Record]:
    """An event, a race and a ticket of each number, as an entry mentions them."""
    found: list[Record] = []
    for number in numbers:
        event, race = f"e{number}", f"r{number}"
        found += [
            EventRecord(external_id=event, name=f"Festival {number}", stub=True, as_of=as_of),
            RaceRecord(external_id=race, event_id=event, name=name, stub=True, as_of=as_of),
            TicketTypeRecord(external_id=f"t{number}", event_id=event, race_id=race, stub=True, as_of=as_of),
        ]
    return found


def written(statements: list[str]) -> list[str]:
    """Those that write. One for many rows is "32 times: INSERT ..." where that is what the database calls it."""
    return [sql for sql in statements if sql.split(" times: ")[-1].startswith(("INSERT", "UPDATE", "DELETE"))]


def told(*numbers: int, year: int) -> list[Record]:
    """Full records, every second of them without a start."""
    found: list[Record] = []
    for number in numbers:
        name, starts = f"{number} in {year}", NOW + year * DAY if number % 2 else None
        found += [
            EventRecord(external_id=f"e{number}", name=name),
            RaceRecord(external_id=f"r{number}", event_id=f"e{number}", name=name, starts_at=starts),
        ]
    return found


def test_events_and_races_that_changed_are_written_without_a_case_for_each(take: Callable[..., list[str]]) -> None:
    """What it takes to read such a statement grows with the square of the rows."""
    numbers = range(2_100)
    take(*told(*numbers, year=1), fingerprint=b"one")
    statements = take(*told(*numbers, year=2), fingerprint=b"two")
    assert not any("CASE" in sql for sql in statements)
    assert len([sql for sql in statements if sql.startswith("UPDATE")]) == 4, "2,000 events and 100, and so the races"
    races = dict.fromkeys(Race.objects.filter(starts_at=None).values_list("name", flat=True))
    assert set(races) == {f"{number} in 2" for number in numbers if number % 2 == 0}
    assert set(Race.objects.exclude(starts_at=None).values_list("starts_at", flat=True)) == {NOW + 2 * DAY}
    assert set(Event.objects.values_list("name", flat=True)) == {f"{number} in 2" for number in numbers}


def test_a_race_that_loses_its_start_among_none_that_has_one(take: Callable[..., list[str]]) -> None:
    take(*told(1, year=1), fingerprint=b"one")
    take(RaceRecord(external_id="r1", event_id="e1", name="1 in 1", starts_at=None), fingerprint=b"two")
    assert Race.objects.get().starts_at is None


def test_many_races_take_as_many_statements_as_a_few(take: Callable[..., list[str]]) -> None:
    assert len(take(*mentions(1, 2))) == len(take(*mentions(*range(3, 33)))) <= 15
    renamed = take(*mentions(*range(1, 33), name="Hexley 10K"))
    assert len(written(renamed)) == 2, "the races, and the listings"
    assert Event.objects.count() == EventListing.objects.count() == 32
    assert set(Race.objects.values_list("name", flat=True)) == {"Hexley 10K"}
    assert TicketType.objects.get(external_id="t7").listing == Listing.objects.get(external_id="r7")


def test_the_same_words_are_not_written_again_until_they_have_aged(take: Callable[..., list[str]]) -> None:
    take(*mentions(1))
    assert written(take(*mentions(1, as_of=NOW + MINUTE))) == []
    assert len(written(take(*mentions(1, as_of=NOW + DAY)))) == 3
    assert Listing.objects.get().as_of == NOW + DAY


def test_of_two_mentions_the_newer_counts_however_they_come(take: Callable[..., list[str]]) -> None:
    take(*mentions(1, name="New", as_of=NOW + DAY), *mentions(1, name="Old"))
    assert Listing.objects.get().name == Race.objects.get().name == "New"
    take(*mentions(1, name="Older still", as_of=NOW - DAY), *mentions(1, name="Newest", as_of=NOW + 2 * DAY))
    assert Listing.objects.get().name == Race.objects.get().name == "Newest"


def test_a_mention_says_nothing_about_what_was_read_whole(take: Callable[..., list[str]]) -> None:
    whole = RaceRecord(external_id="r1", event_id="e1", name="Whole", capacity=300)
    take(whole, *mentions(1, name="Mentioned", as_of=NOW + DAY), fingerprint=b"1" * 16)
    listing = Listing.objects.get()
    assert (listing.name, listing.capacity, listing.stub) == ("Whole", 300, False)
    assert listing.event_listing.name == "Festival 1"


def test_what_was_gone_and_is_mentioned_again_is_back(take: Callable[..., list[str]]) -> None:
    take(*mentions(1))
    TicketType.objects.update(gone_at=NOW)
    take(*mentions(1))
    assert TicketType.objects.get().gone_at is None


def test_a_race_that_staff_have_named_keeps_its_name(take: Callable[..., list[str]]) -> None:
    take(*mentions(1))
    Race.objects.update(name="The big one")
    take(*mentions(1, name="10K (new course)", as_of=NOW + DAY))
    assert Race.objects.get().name == "The big one"
    assert Listing.objects.get().name == "10K (new course)"


def test_a_ticket_that_is_told_of_before_its_race_is_its_own_all_the_same(organisation: Organisation) -> None:
    """A race that brings its ticket mentions it first: it was shown as the event's, beside those of all other races."""
    catalogue = Catalogue(connection=make_connection(organisation), now=lambda: NOW)
    races = [RaceRecord(external_id=f"r{number}", event_id="e1", name=f"{number}K") for number in (5, 10)]
    tickets = [
        TicketTypeRecord(external_id=f"t-{race.external_id}", event_id="e1", race_id=race.external_id) for race in races
    ]
    catalogue.take((ticket, None) for ticket in tickets)
    catalogue.take((race, b"") for race in races)
    found = TicketType.objects.values_list("external_id", "listing__external_id")
    assert dict(found) == {"t-r5": "r5", "t-r10": "r10"}
