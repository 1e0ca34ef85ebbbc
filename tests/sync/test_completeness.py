"""Promised, seen, held, and why the rest cannot be seen: in one sentence with the numbers, and the reasons under it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.events.models import Listing, Race
from organiser_portal.organisations.models import User
from organiser_portal.sync.completeness import of_connections
from organiser_portal.sync.models import SyncRun
from providers.errors import ProviderUnavailable
from tests.factories import make_connection, make_entry, make_listing
from tests.sync.test_engine import run
from tests.sync.world import Clock, Script, last_page, received
from tests.sync.world import page as walk_page

type SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(sign_in: SignIn, viewer: User) -> Callable[[str], str]:
    client = sign_in(viewer)

    def text(query: str = "") -> str:
        answer = client.get(f"/o/fellgate/sync/completeness/{query}")
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return text


def test_all_that_was_promised_is_held(
    entries: SyncState, script: Script, clock: Clock, page: Callable[..., str]
) -> None:
    script.acts = [last_page([received(1), received(2)], promised=2)]
    run(entries, clock)
    assert "says 2, and all are held" in page()


def test_what_has_come_since_is_told_from_what_was_promised(
    entries: SyncState, script: Script, clock: Clock, page: Callable[..., str]
) -> None:
    script.acts = [last_page([received(1), received(2)], promised=2)]
    run(entries, clock)
    SyncState.objects.update(held=3)
    assert "said 2 when all were last read; 3 held, 1 more" in page()


def test_a_first_load_that_broke_off_says_how_far_it_came(
    entries: SyncState, script: Script, clock: Clock, page: Callable[..., str]
) -> None:
    broken_off = [walk_page([received(1), received(2)], cursor="two", promised=4), ProviderUnavailable("down")]
    script.acts = [*broken_off, *broken_off]
    run(entries, clock)
    text = page()
    assert ": 2 held so far." in text
    assert "Never yet read to the end." in text
    SyncState.objects.update(cursor="")
    run(entries, clock, by_hand=True)
    assert ": 2 held so far." in page(), "what came again is not counted again"


def test_what_a_later_walk_stored_is_held_although_it_broke_off(
    entries: SyncState, script: Script, clock: Clock, page: Callable[..., str]
) -> None:
    script.acts = [last_page([received(1)], promised=1), walk_page([received(2)]), ProviderUnavailable("down")]
    run(entries, clock)
    run(entries, clock, by_hand=True)
    assert "said 1 when all were last read; 2 held, 1 more" in page()


def test_an_age_reads_well_from_its_first_minute(
    entries: SyncState, script: Script, clock: Clock, page: Callable[..., str]
) -> None:
    script.acts = [last_page([received(1)], promised=1)]
    run(entries, clock)
    SyncRun.objects.update(finished_at=timezone.now())
    assert "just now</time>)" in page()
    SyncRun.objects.update(finished_at=timezone.now() - timedelta(minutes=3))
    assert "3 min</time> old)" in page()


def test_what_could_not_be_read_is_counted_and_said(
    entries: SyncState, script: Script, clock: Clock, page: Callable[..., str]
) -> None:
    script.acts = [last_page([received(1), received(2, bad=True)], promised=2)]
    run(entries, clock)
    text = page()
    assert "says 2; 2 seen when all were last read, 1 held, 1 not visible to us" in text
    assert "1 could not be read.</a>" in text


def test_a_walk_that_ends_short_says_by_how_much(
    entries: SyncState, script: Script, clock: Clock, page: Callable[..., str]
) -> None:
    script.acts = [last_page([received(1)], promised=4, complete=False, short=True)]
    done = run(entries, clock)
    text = page()
    assert "says 4; 1 held, 3 not visible to us" in text
    assert "3 were promised and did not come in the last whole walk" in text
    assert f"Run {done.pk}" in text


def test_the_figures_and_their_reason_are_of_the_same_walk(
    entries: SyncState, script: Script, clock: Clock, page: Callable[..., str]
) -> None:
    script.acts = [last_page([received(1), received(2)], promised=2)]
    script.acts += [last_page([received(1), received(2)], promised=3, complete=False, short=True)]
    run(entries, clock)
    run(entries, clock, by_hand=True, full=True)
    text = page()
    assert "says 3; 2 held, 1 not visible to us" in text
    assert "1 was promised and did not come in the last whole walk" in text


def test_a_walk_of_several_turns_is_told_as_one(
    entries: SyncState, script: Script, clock: Clock, page: Callable[..., str]
) -> None:
    def slow() -> object:
        clock.now += timedelta(minutes=30)
        return walk_page([received(1)], cursor="half", promised=2)

    script.acts = [last_page([received(1), received(2)], promised=2), slow]  # type: ignore[list-item]
    run(entries, clock)
    run(entries, clock, by_hand=True, full=True, budget=timedelta(minutes=25))
    under_way = page()
    script.acts = [last_page([received(2)], promised=2, resumed=True)]
    run(entries, clock, by_hand=True)
    for said in (under_way, page()):
        assert "says 2, and all are held" in said
        assert "did not come" not in said


def test_an_answer_that_was_not_believed_is_a_reason(
    entries: SyncState, script: Script, clock: Clock, page: Callable[..., str]
) -> None:
    script.acts = [last_page([received(number) for number in range(100)]), last_page([received(1)])]
    run(entries, clock)
    run(entries, clock, by_hand=True, full=True)
    assert "The last whole answer was not believed: 99 of 100 would have gone at once." in page()


def test_the_figures_are_as_old_as_the_walk_they_are_of(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [last_page([received(number) for number in range(100)]), last_page([received(1)])]
    run(entries, clock)
    clock.now += timedelta(hours=3)
    run(entries, clock, by_hand=True, full=True)
    (row,) = [each for each in of_connections([entries.connection], now=clock()) if each.label == "Entries"]
    assert (row.seen, row.at) == (1, clock())


def test_a_listing_that_is_not_allowed_says_so(entries: SyncState, page: Callable[..., str]) -> None:
    SyncState.objects.filter(pk=entries.pk).update(held_reason="The key may not see entries.")
    assert "The key may not see entries." in page()


def test_a_paused_connection_says_that_its_figures_are_old(connection: Connection, page: Callable[..., str]) -> None:
    Connection.objects.filter(pk=connection.pk).update(standing="paused")
    assert "The connection is paused, so the figures are as they were." in page()


def test_a_provider_that_lists_no_entries_says_why_on_the_race(eventrac: Connection, page: Callable[..., str]) -> None:
    listing = make_listing(eventrac, sold=150)
    make_entry(listing)
    text = page(f"?race={listing.race_id}")
    assert "says 150; 1 held, 149 not visible to us" in text
    assert "eventrac cannot list participants" in text
    assert "Entries of the races to come" in page()


def test_what_is_only_counted_stands_with_the_rest_of_its_connection(
    eventrac: Connection, connection: Connection, page: Callable[..., str]
) -> None:
    make_listing(eventrac, sold=150)
    marks = re.findall(r'class="mark[^>]*>(\w+)<', page().split('id="completeness"')[1])
    assert len(set(marks)) == 2
    assert sorted(marks) in (marks, marks[::-1])


def test_what_is_only_counted_is_as_old_as_the_last_look_at_its_races(
    eventrac: Connection, page: Callable[..., str]
) -> None:
    make_listing(eventrac, sold=150)
    lately = timezone.now() - timedelta(minutes=7)
    SyncState.objects.update_or_create(connection=eventrac, resource="races", defaults={"last_success_at": lately})
    told = page().split("Entries of the races to come", 1)[1].split("</p>", 1)[0]
    assert "7 min</time> old)" in told


def test_a_race_whose_platform_states_no_count_is_as_old_as_its_entries(
    entries: SyncState, script: Script, clock: Clock, page: Callable[..., str]
) -> None:
    script.acts = [last_page([received(1)], promised=1)]
    run(entries, clock)
    long_ago, lately = timezone.now() - timedelta(days=47), timezone.now() - timedelta(minutes=3)
    listing = make_listing(entries.connection, sold=None, as_of=long_ago)
    SyncState.objects.update(last_success_at=lately)
    text = page(f"?race={listing.race_id}")
    assert ": 0 held; it does not say how many there are" in text
    assert "3 min</time> old)" in text


def test_one_connection_is_told_alone(eventrac: Connection, connection: Connection, page: Callable[..., str]) -> None:
    assert "eventrac" not in page(f"?connection={connection.pk}")


def test_a_race_of_another_organisation_is_not_found(stranger: User, sign_in: SignIn) -> None:
    listing = make_listing(make_connection(stranger.memberships.get().organisation))
    assert isinstance(listing, Listing)
    race = Race.objects.get(pk=listing.race_id)
    client = sign_in(stranger)
    assert client.get(f"/o/elsewhere/sync/completeness/?race={race.pk}").status_code == 200
    assert client.get(f"/o/fellgate/sync/completeness/?race={race.pk}").status_code == 404


def test_the_number_of_queries_does_not_grow_with_connections(
    new_connection: Callable[..., Connection], page: Callable[..., str]
) -> None:
    new_connection()
    page()
    with CaptureQueriesContext(database) as few:
        page()
    for _ in range(5):
        new_connection()
    with CaptureQueriesContext(database) as many:
        page()
    assert len(many) == len(few)
