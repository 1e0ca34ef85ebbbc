"""An event's page: what each platform says of it beside its races."""

import pytest
from django.urls import reverse

from organiser_portal.events.models import EventListing, Race
from tests.factories import make_connection, make_listing


@pytest.fixture
def browser(viewer, sign_in):
    return sign_in(viewer)


@pytest.fixture
def listing(organisation):
    place = make_listing(make_connection(organisation, "ticketing"))
    EventListing.objects.filter(pk=place.event_listing_id).update(
        facts=[["Venue", "Roundhay Park, Leeds LS8"], ["Region", "West <b>Yorkshire</b>"]]
    )
    return place.event_listing


def page(browser, name, *args):
    return browser.get(reverse(f"events:{name}", args=["fellgate", *args])).content.decode()


def test_what_the_platform_says_is_shown_in_its_words(browser, listing):
    html = page(browser, "event-detail", listing.event_id)
    assert "Roundhay Park, Leeds LS8" in html
    assert "West &lt;b&gt;Yorkshire" in html
    assert "Draft" not in html


def test_a_draft_is_marked_on_its_page_and_in_the_list(browser, listing):
    EventListing.objects.filter(pk=listing.pk).update(draft=True)
    assert "Draft: not shown to the public" in page(browser, "event-detail", listing.event_id)
    assert "Draft" in page(browser, "event-list")


def test_a_connection_is_made_once_for_all_of_its_listings(browser, organisation, listing):
    for number in range(3):
        race = Race.objects.create(organisation=organisation, event=listing.event, name=f"Race {number}")
        make_listing(listing.connection, race)
    lines = browser.get(reverse("events:event-detail", args=["fellgate", listing.event_id])).context["lines"]
    connections = [place.connection for race, _ in lines for place in race.listings.all()]
    assert len(connections) == 4
    assert len({id(connection) for connection in connections}) == 1
