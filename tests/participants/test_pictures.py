"""A race in pictures: how it fills up, where that leads, and who runs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from organiser_portal.core.lines import Curve, line_chart
from organiser_portal.events.forecast import forecast
from organiser_portal.events.models import Listing, Race
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.models import Entry
from organiser_portal.participants.pictures.curve import sales_curve
from organiser_portal.participants.pictures.people import age_on, people
from tests.conftest import NOW
from tests.factories import entry_of, make_connection, make_listing, make_race

pytestmark = pytest.mark.portable

TODAY = date(2027, 5, 14)


@pytest.fixture
def listing(organisation: Organisation) -> Listing:
    return make_listing(make_connection(organisation, "letsdothis"), capacity=200)


def enter(listing: Listing, number: int, day: datetime, **values) -> None:
    Entry.objects.bulk_create(entry_of(listing, "Aled", f"Rhys {n}", entered_at=day, **values) for n in range(number))


def test_the_pace_of_the_last_whole_week_leads_on():
    ahead = forecast([99, *[2] * 7, 1], held=100, today=TODAY, end=TODAY + timedelta(days=9), limit=200)
    assert ahead is not None
    assert (ahead.values[0], ahead.last, ahead.full_on) == (100, 118, None)


def test_it_says_when_the_last_place_goes():
    ahead = forecast([*[10] * 7, 0], held=175, today=TODAY, end=TODAY + timedelta(days=9), limit=200)
    assert ahead is not None
    assert ahead.full_on == TODAY + timedelta(days=3)


@pytest.mark.parametrize("by_day", [[1] * 6, []])
def test_less_than_a_week_is_nothing_to_go_by(by_day):
    assert forecast(by_day, held=5, today=TODAY, end=TODAY + timedelta(days=9), limit=None) is None


def test_what_is_over_has_no_forecast():
    assert forecast([1] * 8, held=5, today=TODAY, end=TODAY, limit=None) is None


@given(
    st.lists(st.integers(0, 5_000), min_size=8, max_size=8),
    st.integers(0, 100_000),
    st.integers(1, 60),
    st.one_of(st.none(), st.integers(1, 100_000)),
)
def test_a_forecast_never_falls_and_is_full_only_when_it_gets_there(by_day, held, days, limit):
    ahead = forecast(by_day, held=held, today=TODAY, end=TODAY + timedelta(days=days), limit=limit)
    assert ahead is not None
    assert list(ahead.values) == sorted(ahead.values)
    assert len(ahead.days) == len(ahead.values) == days + 1
    if ahead.full_on:
        assert limit is not None
        assert held < limit <= ahead.last + 1


def test_the_curve_counts_who_holds_a_place(listing: Listing):
    enter(listing, 7, NOW - timedelta(days=30))
    for back in range(1, 8):
        enter(listing, 2, NOW - timedelta(days=back))
    enter(listing, 5, NOW - timedelta(days=3), status="cancelled")
    curve = sales_curve(listing.race, NOW, limit=200)
    assert curve is not None
    assert curve.finding == "On course for 39: 161 under the limit"
    assert curve.chart.rows[0] == ("14 Apr", (7, None))
    assert max(values[0] or 0 for _, values in curve.chart.rows) == 21


@pytest.mark.postgresql
def test_the_last_edition_is_the_race_of_that_name_well_before(organisation: Organisation, listing: Listing):
    enter(listing, 3, NOW - timedelta(days=2))
    started = listing.race.starts_at
    assert started is not None
    last = make_listing(listing.connection, make_race(organisation, starts_at=started - timedelta(days=364)))
    enter(last, 9, NOW - timedelta(days=380))
    curve = sales_curve(listing.race, NOW, limit=None)
    assert curve is not None
    assert "in 2026" in curve.chart.curves[-1].label
    assert curve.chart.rows[-1][1][-1] == 9


def test_no_entry_seen_is_not_told_as_nobody_entered(viewer: User, listing: Listing, sign_in):
    assert "No entry that we can see" in sign_in(viewer).get(f"/o/fellgate/races/{listing.race_id}/pictures/").text


@pytest.mark.postgresql
def test_ages_are_those_on_the_day_and_the_rest_are_counted(listing: Listing):
    race = listing.race
    Race.objects.filter(pk=race.pk).update(starts_at=datetime(2027, 5, 23, 8, tzinfo=UTC))
    race.refresh_from_db()
    for born, gender in ((date(1997, 5, 23), "f"), (date(1997, 5, 24), "f"), (date(1950, 1, 1), "m")):
        enter(listing, 1, NOW, birth_date=born, gender=gender, club="Hexley Striders")
    enter(listing, 1, NOW)
    found = people(race)
    assert found is not None
    assert [(share.label, share.count) for share in found.ages if share.count] == [
        ("20–29", 1),
        ("30–39", 1),
        ("70 and over", 1),
    ]
    assert (found.median, found.undated, found.clubs[0].label) == (30, 1, "Hexley Striders")
    assert found.finding == "More women than men, half of them 30 or younger"


def test_whose_birthday_is_tomorrow_is_not_yet_older():
    assert (age_on(TODAY, date(2000, 5, 15)), age_on(TODAY, date(2000, 5, 14))) == (26, 27)


def test_the_race_shows_its_pictures_and_links_to_them(viewer: User, listing: Listing, sign_in):
    enter(listing, 3, NOW, club="Hexley Striders")
    client: Client = sign_in(viewer)
    address = f"/o/fellgate/races/{listing.race_id}/pictures/"
    assert f'hx-get="{address}"' in client.get(f"/o/fellgate/races/{listing.race_id}/").text
    part = client.get(address, headers={"HX-Request": "true"}).text
    assert part.strip().startswith('<div class="cols" id="pictures">')
    assert "Hexley Striders sends most" in part


def test_it_asks_a_bounded_number_of_questions(listing: Listing, django_assert_max_num_queries):
    enter(listing, 300, NOW - timedelta(days=4), birth_date=date(1990, 1, 1), club="A")
    with django_assert_max_num_queries(8):
        sales_curve(listing.race, NOW, limit=None)
        people(listing.race)


@given(st.lists(st.one_of(st.none(), st.integers(0, 1_000_000)), min_size=1, max_size=200))
def test_a_line_stays_in_its_box(values):
    chart = line_chart([str(n) for n in range(len(values))], [Curve(label="now", values=values)], "x", limit=10)
    for line in chart.drawn:
        for point in line.points.split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= 1000
            assert 0 <= y <= 200


def test_a_limit_far_off_does_not_press_the_lines_flat():
    near = line_chart(["a", "b"], [Curve(label="now", values=[40, 60])], "", limit=150)
    far = line_chart(["a", "b"], [Curve(label="now", values=[40, 60])], "", limit=1_500)
    assert (near.limit, max(tick.value for tick in near.ticks)) == (150, 150)
    assert (far.limit, max(tick.value for tick in far.ticks)) == (None, 60)


def test_who_runs_is_told_by_what_is_known(listing: Listing):
    enter(listing, 3, NOW, birth_date=date(1989, 3, 14))
    found = people(listing.race)
    assert found is not None
    assert found.finding.startswith("Half of them are")
    assert not found.tells_gender
