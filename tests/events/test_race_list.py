"""Races and events: what is coming, where it is sold, what each provider says."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_connection, make_entry, make_event, make_listing, make_race

pytestmark = pytest.mark.portable


@pytest.fixture
def browser(viewer, sign_in):
    return sign_in(viewer)


@pytest.fixture
def soon():
    return timezone.now() + timedelta(days=9)


def ask(browser, organisation, name="race-list", **query):
    url = reverse(f"events:{name}", args=[organisation.slug])
    return browser.get(url, query, headers={"HX-Request": "true"})


def names(response):
    return [row.name for row in response.context["page"].rows]


@pytest.mark.parametrize(
    "query, expected",
    [
        ({}, ["Today", "Soon", "Undated"]),
        ({"when": "coming", "sort": "-date"}, ["Soon", "Today", "Undated"]),
        ({"when": "past"}, ["Last month", "Last year"]),
        ({"when": "all"}, ["Last year", "Last month", "Today", "Soon", "Undated"]),
        ({"when": "all", "sort": "name", "q": "la"}, ["Last month", "Last year"]),
        ({"when": "all", "q": "winter"}, ["Last month"]),
        ({"provider": "letsdothis"}, ["Soon"]),
        ({"provider": "nobody"}, []),
        ({"when": "never"}, []),
    ],
)
@pytest.mark.postgresql
def test_races_are_found_by_time_words_and_source(browser, organisation, query, expected):
    now = timezone.now()
    for name, days in [("Last year", -365), ("Today", -0.1), ("Soon", 9)]:
        make_race(organisation, name, starts_at=now + timedelta(days=days))
    make_race(organisation, "Undated", starts_at=None)
    make_race(
        organisation, "Last month", starts_at=now - timedelta(days=30), event=make_event(organisation, "Winter series")
    )
    make_listing(make_connection(organisation, "letsdothis"), race=organisation.races.get(name="Soon"))
    make_connection(organisation)
    assert names(ask(browser, organisation, **query)) == expected


def test_a_row_says_what_each_listing_says_side_by_side(browser, organisation, soon):
    race = make_race(organisation, starts_at=soon)
    one = make_listing(
        make_connection(organisation), race, capacity=160, sold=150, price_minor=2400, currency="GBP", status="open"
    )
    make_listing(make_connection(organisation, "letsdothis"), race, status="unknown", accepts_entries=False)
    make_entry(one)
    make_entry(one, status="cancelled")
    page = ask(browser, organisation).content.decode()
    assert "<b>150</b> of 160" in page
    assert "£24.00" in page
    assert "not told" in page
    assert 'aria-label="1 entry of Hexley 10K"' in page


def test_races_of_another_organisation_are_not_listed(browser, organisation, stranger, soon):
    make_race(stranger.memberships.get().organisation, "Theirs", starts_at=soon)
    assert names(ask(browser, organisation)) == []


@pytest.mark.parametrize("name", ["race-list", "event-list"])
def test_the_number_of_queries_does_not_grow_with_rows(
    browser, organisation, soon, name, django_assert_max_num_queries
):
    connections = [make_connection(organisation), make_connection(organisation, "letsdothis")]

    def fill(many):
        for _ in range(many):
            race = make_race(organisation, starts_at=soon)
            for connection in connections:
                make_entry(make_listing(connection, race))

    fill(2)
    with django_assert_max_num_queries(40) as few:
        ask(browser, organisation, name)
    fill(8)
    with django_assert_max_num_queries(len(few)):
        ask(browser, organisation, name)


def test_without_a_connection_the_page_says_so(browser, organisation):
    assert "No platform is connected yet" in ask(browser, organisation).content.decode()


def test_when_nothing_is_coming_all_races_are_offered(browser, organisation):
    make_connection(organisation)
    assert 'href="?when=all">Show all races' in ask(browser, organisation).content.decode()


@pytest.mark.postgresql
def test_events_stand_by_their_first_race(browser, organisation, soon):
    late, early = make_event(organisation, "Late"), make_event(organisation, "Early")
    make_event(organisation, "Empty")
    make_race(organisation, event=late, starts_at=soon + timedelta(days=5))
    make_race(organisation, event=early, starts_at=soon)
    make_race(organisation, event=early, starts_at=soon + timedelta(days=9))
    over = make_event(organisation, "Over")
    make_race(organisation, event=over, starts_at=soon - timedelta(days=40))
    assert names(ask(browser, organisation, "event-list")) == ["Early", "Late", "Empty"]
    assert names(ask(browser, organisation, "event-list", when="past")) == ["Over"]
    assert names(ask(browser, organisation, "event-list", q="lat")) == ["Late"]


@pytest.mark.postgresql
def test_an_event_shows_its_races_and_what_the_provider_says_of_it_as_text(browser, organisation, soon):
    listing = make_listing(make_connection(organisation), make_race(organisation, starts_at=soon))
    listing.event_listing.description = "Flat & fast.\n\nCome <script>steal()</script>early."
    listing.event_listing.save()
    page = browser.get(reverse("events:event-detail", args=[organisation.slug, listing.race.event_id])).content.decode()
    assert "Hexley 10K" in page
    assert "<p>Flat &amp; fast.</p>" in page
    assert "<p>Come &lt;script&gt;steal()&lt;/script&gt;early.</p>" in page


@pytest.mark.parametrize("name", ["race-list", "event-list"])
def test_a_search_as_long_as_a_page_is_a_mistake_and_costs_nothing(browser, organisation, soon, name):
    make_race(organisation, starts_at=soon)
    response = ask(browser, organisation, name, q="a " * 2_000)
    assert names(response) == []
    assert "makes no sense" in response.content.decode()


@pytest.mark.parametrize("name", ["race-detail", "event-detail"])
def test_what_belongs_to_others_is_404(browser, organisation, stranger, name):
    race = make_race(stranger.memberships.get().organisation)
    pk = race.pk if name == "race-detail" else race.event_id
    assert browser.get(reverse(f"events:{name}", args=[organisation.slug, pk])).status_code == 404


@pytest.mark.parametrize("status", ["closed", "full"])
def test_on_a_phone_too_a_race_that_takes_nobody_says_so(browser, organisation, soon, status):
    race = make_race(organisation, starts_at=soon)
    make_listing(make_connection(organisation), race=race, status=status, sold=3)
    page = ask(browser, organisation).content.decode()
    on_a_phone = page.split('class="d-flex d-lg-none', 1)[1].split("</p>", 1)[0]
    assert status.capitalize() in on_a_phone
