"""A partner's page says where the pace of its claims leads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organiser_portal.events.models import Listing
from organiser_portal.partners.models import EntryTie, Partner, ReservedGroup
from tests.factories import make_connection, make_entry, make_listing, make_race, synced


@pytest.fixture
def listing(organisation) -> Listing:
    race = make_race(organisation, "Hexley 10K", starts_at=timezone.now() + timedelta(days=14))
    return make_listing(make_connection(organisation, "letsdothis"), race=race)


def held(listing: Listing, *, capacity: int, claimed: int, used: int | None = None) -> Partner:
    partner = Partner.objects.create(name="Hospice", kind="charity", **synced(listing.connection, "p"))
    group = ReservedGroup.objects.create(
        partner=partner, event_listing=listing.event_listing, capacity=capacity,
        used=claimed if used is None else used, **synced(listing.connection, "g"),
    )  # fmt: skip
    for number in range(claimed):
        entry = make_entry(listing, "Ada", f"Byron {number}", entered_at=timezone.now() - timedelta(days=2))
        EntryTie.objects.create(entry=entry, group=group, partner=partner)
    return partner


@pytest.mark.parametrize(
    ("capacity", "claimed", "words"),
    [
        (30, 7, "On course to use 21 of 30 places at Hexley Spring Running Festival: 9 would come back"),
        (15, 7, "On course to use all 15 places"),
        (7, 7, "All 7 places at Hexley Spring Running Festival are claimed"),
        (30, 0, "0 of 30 places at Hexley Spring Running Festival claimed"),
    ],
)
def test_the_finding_says_what_will_come_of_the_places(viewer, sign_in, listing, capacity, claimed, words):
    partner = held(listing, capacity=capacity, claimed=claimed)
    page = sign_in(viewer).get(f"/o/fellgate/partners/{partner.pk}/").text
    assert words in page
    assert ("curve-main" in page) is bool(claimed)


def test_the_organisations_own_last_day_ends_the_claims(viewer, sign_in, listing):
    partner = held(listing, capacity=30, claimed=7)
    event = listing.race.event
    event.claims_close_on = timezone.now().date() + timedelta(days=7)
    event.save()
    page = sign_in(viewer).get(f"/o/fellgate/partners/{partner.pk}/").text
    assert "On course to use 14 of 30 places" in page
    assert "Claims end on" in page


def test_an_event_that_is_over_has_no_pace(viewer, sign_in, listing):
    partner = held(listing, capacity=30, claimed=7)
    listing.starts_at = timezone.now() - timedelta(days=1)
    listing.save()
    assert "On course" not in sign_in(viewer).get(f"/o/fellgate/partners/{partner.pk}/").text
