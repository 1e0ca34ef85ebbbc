"""A race that its provider puts into another event moves here, unless staff have put it somewhere themselves."""

from collections.abc import Callable

import pytest

from organiser_portal.events.ingest import Catalogue
from organiser_portal.events.models import Event, Listing, TicketType
from organiser_portal.organisations.models import Organisation
from providers.records import EventRecord, RaceRecord, TicketTypeRecord
from tests.conftest import NOW
from tests.factories import make_connection

type Take = Callable[..., None]


@pytest.fixture
def take(organisation: Organisation) -> Take:
    connection = make_connection(organisation)

    def told(*said: EventRecord | RaceRecord | TicketTypeRecord) -> None:
        Catalogue(connection=connection, now=lambda: NOW).take((each, b"") for each in said)

    told(EventRecord(external_id="e1", name="Spring"), EventRecord(external_id="e2", name="Autumn"))
    told(RaceRecord(external_id="r1", event_id="e1", name="10K"))
    return told


def where() -> tuple[str, str]:
    """In whose event the listing is, and in which of ours the race."""
    listing = Listing.objects.select_related("event_listing", "race__event").get()
    return listing.event_listing.external_id, listing.race.event.name


def test_it_moves_with_its_listing(take: Take) -> None:
    take(RaceRecord(external_id="r1", event_id="e2", name="10K"))
    assert where() == ("e2", "Autumn")


def test_it_moves_into_an_event_that_nobody_has_named_yet(take: Take) -> None:
    take(RaceRecord(external_id="r1", event_id="e3", name="10K"))
    assert where() == ("e3", "Event e3")


def test_where_staff_have_put_it_somewhere_only_the_listing_moves(take: Take, organisation: Organisation) -> None:
    listing = Listing.objects.get()
    listing.race.event = Event.objects.create(organisation=organisation, name="Ours")
    listing.race.save()
    take(RaceRecord(external_id="r1", event_id="e2", name="10K"))
    assert where() == ("e2", "Ours")


@pytest.mark.parametrize("said", [{"event_id": ""}, {"event_id": "e2", "stub": True, "as_of": NOW}])
def test_what_does_not_say_for_sure_moves_nothing(take: Take, said: dict[str, object]) -> None:
    take(RaceRecord(external_id="r1", name="10K", **said))  # type: ignore[arg-type]
    assert where() == ("e1", "Spring")


def test_what_it_sells_moves_with_it(take: Take) -> None:
    take(TicketTypeRecord(external_id="t1", event_id="e1", race_id="r1"))
    take(
        RaceRecord(external_id="r1", event_id="e2", name="10K"),
        TicketTypeRecord(external_id="t1", event_id="e2", race_id="r1"),
    )
    ticket = TicketType.objects.select_related("event_listing", "listing").get()
    assert (ticket.event_listing.external_id, ticket.listing) == ("e2", Listing.objects.get())
