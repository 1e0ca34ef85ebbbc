"""The season on home: entries day by day added up, beside the same days a year before."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from organiser_portal.connections.models import Connection
from organiser_portal.connections.services import ensure_sync_states
from organiser_portal.organisations.models import Organisation, User
from tests.factories import make_connection, make_entry, make_listing

pytestmark = pytest.mark.portable

HOME = "/o/fellgate/"
type SignIn = Callable[[User], Client]


@pytest.fixture
def eventrac(organisation: Organisation) -> Connection:
    connection = make_connection(organisation)
    ensure_sync_states(connection)
    return connection


def entered(connection: Connection, days_ago: int, count: int = 1) -> None:
    listing = make_listing(connection)
    for _ in range(count):
        make_entry(listing, entered_at=timezone.now() - timedelta(days=days_ago))


def test_the_season_stands_beside_the_same_days_a_year_before(
    viewer: User, sign_in: SignIn, eventrac: Connection
) -> None:
    entered(eventrac, 10, 3)
    entered(eventrac, 364 + 10, 2)
    entered(eventrac, 364 - 10, 5)  # of days that are still to come this year
    text = sign_in(viewer).get(f"{HOME}?sold=season").content.decode()
    assert "3 entries in 120 days, 50% more than a year before" in text
    assert re.search(r'<th scope="row">\d+ \w+</th>\s*<td class="num">3</td>\s*<td class="num">2</td>', text)


def test_the_season_has_a_line_for_each_source_and_one_for_all(
    viewer: User, sign_in: SignIn, eventrac: Connection, organisation: Organisation
) -> None:
    entered(eventrac, 10, 3)
    assert "curve-source" not in sign_in(viewer).get(f"{HOME}?sold=season").text
    entered(make_connection(organisation, "letsdothis"), 5, 2)
    text = sign_in(viewer).get(f"{HOME}?sold=season").text
    assert text.count("curve-source") == 2
    assert re.search(r'<td class="num">5</td>\s*<td class="num">3</td>\s*<td class="num">2</td>', text)


@pytest.mark.parametrize(
    ("now", "then", "words"),
    [
        (2, 2, "as many as a year before"),
        (4, 2, "twice as many as a year before"),
        (5, 2, "2.5 times as many as a year before"),
        (1, 4, "75% fewer than a year before"),
    ],
)
def test_the_season_is_compared_in_words(
    viewer: User, sign_in: SignIn, eventrac: Connection, now: int, then: int, words: str
) -> None:
    entered(eventrac, 10, now)
    entered(eventrac, 364 + 10, then)
    assert f"in 120 days, {words}" in sign_in(viewer).get(f"{HOME}?sold=season").content.decode()


def test_without_entries_of_last_year_the_season_says_so(viewer: User, sign_in: SignIn, eventrac: Connection) -> None:
    entered(eventrac, 10)
    text = sign_in(viewer).get(f"{HOME}?sold=season").content.decode()
    assert "1 entry in 120 days" in text
    assert "We see no entries of the same days a year before." in text


@pytest.mark.postgresql
def test_a_season_without_entries_keeps_the_way_back(viewer: User, sign_in: SignIn, eventrac: Connection) -> None:
    text = sign_in(viewer).get(f"{HOME}?sold=season", headers={"HX-Request": "true"}).content.decode()
    assert "Nobody entered in the last months" in text
    assert "Day by day" in text
    assert "Needs a person" not in text, "the tab alone is drawn again"
