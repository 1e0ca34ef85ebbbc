"""A race's page says how many of its places partners hold and nobody has claimed, and how old that is."""

import pytest

from organiser_portal.connections.models import SyncState
from organiser_portal.events.models import Listing, TicketType
from organiser_portal.partners.models import Partner, ReservedGroup
from tests.conftest import NOW
from tests.factories import make_connection, make_listing, make_race, synced


@pytest.fixture
def listing(organisation) -> Listing:
    return make_listing(make_connection(organisation, "letsdothis"))


@pytest.fixture
def partner(listing) -> Partner:
    return Partner.objects.create(name="Hospice", kind="charity", **synced(listing.connection, "p"))


def ticket(listing: Listing, key: str) -> str:
    TicketType.objects.create(event_listing=listing.event_listing, listing=listing, **synced(listing.connection, key))
    return key


def held(partner: Partner, listing: Listing, key: str, tickets: list[str], *, capacity: int, used: int) -> None:
    ReservedGroup.objects.create(
        partner=partner, event_listing=listing.event_listing, ticket_ids=tickets, capacity=capacity, used=used,
        **synced(listing.connection, key),
    )  # fmt: skip


def part(client, listing: Listing):
    return client.get(f"/o/fellgate/partners/races/{listing.race_id}/", headers={"HX-Request": "true"})


def test_what_is_held_and_not_claimed_stands_in_the_bar_with_its_age(viewer, sign_in, listing, partner):
    own = ticket(listing, "t1")
    half = make_race(listing.organisation, "Hexley Half", event=listing.race.event)
    other = ticket(make_listing(listing.connection, half), "t2")
    held(partner, listing, "g1", [own], capacity=30, used=12)
    held(partner, listing, "g2", [own, other], capacity=10, used=3)
    held(partner, listing, "g3", [other], capacity=99, used=0)
    SyncState.objects.create(connection=listing.connection, resource="reserved-entries", last_success_at=NOW)
    page = part(sign_in(viewer), listing).text
    assert "18 held and not claimed" in page
    assert "7 more held places are for several races" in page
    assert "99" not in page


def test_under_a_licence_what_is_free_is_what_is_left_when_all_of_it_is_claimed(viewer, sign_in, listing, partner):
    listing.race.licence_capacity = 50
    listing.race.save()
    held(partner, listing, "g1", [ticket(listing, "t1")], capacity=30, used=12)
    page = part(sign_in(viewer), listing).text
    assert '<dd class="figure">32</dd>' in page
    assert "if all that is held is claimed" in page


def test_where_nothing_is_held_the_page_stays_as_it_is(viewer, sign_in, listing):
    assert part(sign_in(viewer), listing).status_code == 204
