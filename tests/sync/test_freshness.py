"""How old each source is, said in the top bar, on the home page and beside lists."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.events.models import Event, EventListing, Listing, Race
from organiser_portal.participants.models import Entry
from organiser_portal.sync.coverage import coverages
from organiser_portal.sync.freshness import Freshness, freshness
from tests.conftest import NOW

pytestmark = pytest.mark.portable

URL = "/o/fellgate/sync/freshness/"


def only(organisation, now=NOW, **options) -> Freshness:
    (row,) = freshness(organisation, now=now, **options)
    return row


def seen(state: SyncState, ago: timedelta, **more: object) -> None:
    values = {"last_success_at": NOW - ago, "due_at": NOW + timedelta(hours=2), **more}
    SyncState.objects.filter(pk=state.pk).update(**values)


def test_a_connection_is_as_fresh_as_what_it_tells_oftenest(organisation, entries, races) -> None:
    seen(entries, timedelta(minutes=3))
    seen(races, timedelta(hours=3))
    row = only(organisation)
    assert (row.state, row.words, row.says) == ("ok", "3 min", "3 min ago")
    assert row.left == 98


def test_nothing_is_claimed_before_the_first_full_walk(organisation, entries) -> None:
    assert only(organisation).state == "never"


def test_a_walk_under_way_shows_as_running(organisation, entries) -> None:
    seen(entries, timedelta(minutes=3), lease="x", leased_until=NOW + timedelta(minutes=5))
    assert only(organisation).state == "running"


@pytest.mark.parametrize(("ago", "failures", "state"), [(7, 0, "ok"), (9, 0, "late"), (1, 2, "ok"), (1, 3, "late")])
def test_it_is_late_after_two_intervals_or_three_failures_in_a_row(organisation, entries, ago, failures, state) -> None:
    seen(entries, timedelta(hours=ago), failures=failures)
    assert only(organisation).state == state


@pytest.mark.parametrize(("failures", "told"), [(0, False), (1, True)])
def test_home_says_when_the_last_look_failed(organisation, entries, viewer, sign_in, failures, told) -> None:
    """Its figures are as old as they say, so it is no alarm."""
    seen(entries, timedelta(minutes=3), failures=failures)
    with time_machine.travel(NOW, tick=False):
        page = sign_in(viewer).get("/o/fellgate/sync/freshness/?strip=1").text
    assert ("last look failed and is tried again" in page) is told
    assert "is-wait" not in page


@pytest.mark.parametrize(("standing", "state"), [(Standing.PAUSED, "paused"), (Standing.NEEDS_ATTENTION, "refused")])
def test_a_connection_at_rest_says_so(organisation, entries, standing, state) -> None:
    seen(entries, timedelta(minutes=3))
    Connection.objects.update(standing=standing)
    assert only(organisation).state == state


@pytest.mark.parametrize(
    ("standing", "reason", "held", "told"),
    [
        (Standing.NEEDS_ATTENTION, "It does not accept the key. Copy it whole.", "", "It does not accept the key."),
        (Standing.WORKING, "", "This key may not.", "of 2 lists may not be read."),
    ],
)
def test_home_says_in_few_words_why_a_source_needs_a_person(
    organisation, entries, viewer, sign_in, standing, reason, held, told
) -> None:
    seen(entries, timedelta(minutes=3), held_reason=held)
    Connection.objects.update(standing=standing, standing_reason=reason)
    with time_machine.travel(NOW, tick=False):
        page = sign_in(viewer).get(f"{URL}?strip=1").text
    assert told in page
    assert "Copy it whole" not in page
    assert '#x"' in page.split('id="freshness-strip"')[1]


def strip(sign_in, viewer) -> str:
    with time_machine.travel(NOW, tick=False):
        page = sign_in(viewer).get(f"{URL}?strip=1").text
    return " ".join(page.split('id="freshness-strip"')[1].split())


def test_home_says_when_a_late_source_is_tried_and_nothing_of_entries_where_there_is_nothing_to_say(
    organisation, entries, viewer, sign_in
) -> None:
    seen(entries, timedelta(hours=20))
    assert '<p class="small text-secondary"> Next try' in strip(sign_in, viewer)


def test_home_says_that_a_provider_asks_us_to_wait(organisation, entries, viewer, sign_in) -> None:
    seen(entries, timedelta(minutes=3), promised=5, held=5)
    Connection.objects.update(quiet_until=NOW + timedelta(minutes=15))
    assert "All 5 entries seen; asks us to wait until" in strip(sign_in, viewer)
    Connection.objects.update(quiet_until=NOW - timedelta(minutes=1))
    assert "asks us to wait" not in strip(sign_in, viewer)


def test_how_old_a_source_is_that_departs_from_calm_says_what_the_time_is_of(organisation, entries) -> None:
    seen(entries, timedelta(hours=20))
    assert only(organisation).says == "behind, last read 20 h ago"


def test_who_lists_entries_is_measured_by_what_was_promised(organisation, entries) -> None:
    seen(entries, timedelta(minutes=3), promised=3726, held=3700)
    row = only(organisation, with_coverage=True)
    assert row.says == "3 min ago, says 3,726 entered, we can see 3,700"
    seen(entries, timedelta(minutes=3), promised=3726, held=3726)
    assert only(organisation, with_coverage=True).says == "3 min ago, all 3,726 entries seen"


def listing_of(connection: Connection, *, sold: int, days_ahead: int, external_id: str) -> Listing:
    common = {"organisation": connection.organisation, "connection": connection, "first_seen": NOW, "last_seen": NOW}
    event = Event.objects.create(organisation=connection.organisation, name="Hexley")
    starts_at = NOW + timedelta(days=days_ahead)
    race = Race.objects.create(organisation=connection.organisation, event=event, name="10K", starts_at=starts_at)
    at = EventListing.objects.create(event=event, external_id=external_id, **common)
    return Listing.objects.create(
        race=race, event_listing=at, external_id=external_id, sold=sold, starts_at=starts_at, **common
    )


def entry_of(listing: Listing, external_id: str | None, **more: object) -> Entry:
    values = {"first_seen": NOW, "last_seen": NOW, "entered_at": NOW, "external_id": external_id, **more}
    return Entry.objects.create(
        organisation=listing.organisation, connection=listing.connection, listing=listing, race=listing.race, **values
    )


def test_who_only_counts_is_measured_race_by_race_to_come(new_connection) -> None:
    counting = new_connection("listless")
    ahead = listing_of(counting, sold=150, days_ahead=9, external_id="1")
    past = listing_of(counting, sold=900, days_ahead=-9, external_id="2")
    entry_of(ahead, "11")
    entry_of(ahead, "12", status="withdrawn")
    entry_of(ahead, None)
    entry_of(past, "13")
    (coverage,) = coverages([counting], now=NOW).values()
    assert (coverage.says, coverage.seen, coverage.missing) == (150, 1, 149)
    assert coverage.sentence() == "says 150 entered, we can see 1"


def test_the_number_of_queries_does_not_grow_with_connections(
    organisation, new_connection, django_assert_max_num_queries
) -> None:
    for number in range(6):
        new_connection("listless" if number % 2 else "programmed", label=str(number))
    with django_assert_max_num_queries(6):
        assert len(freshness(organisation, now=NOW, with_coverage=True)) == 6


@pytest.mark.postgresql
def test_the_top_bar_gets_chips_that_look_again_by_themselves(sign_in, viewer, connection, entries) -> None:
    SyncState.objects.update(last_success_at=timezone.now() - timedelta(minutes=11))
    answer = sign_in(viewer).get(URL, headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert "Programmed" in body
    assert "11 min" in body
    assert "every 60s" in body
    assert f"/o/fellgate/connections/{connection.pk}/" in body
    assert "<html" not in body


def test_while_something_runs_the_chips_look_more_often(sign_in, viewer, entries) -> None:
    SyncState.objects.filter(pk=entries.pk).update(lease="x", leased_until=timezone.now() + timedelta(minutes=5))
    answer = sign_in(viewer).get(URL, headers={"HX-Request": "true"})
    assert "every 3s" in answer.content.decode()
    assert "syncing" in answer.content.decode()


@pytest.mark.parametrize(("query", "mark"), [("?strip=1", "freshness-strip"), ("?line=entries", "freshness-line")])
def test_the_wider_forms_say_how_much_is_seen(sign_in, viewer, entries, query, mark) -> None:
    SyncState.objects.update(last_success_at=timezone.now() - timedelta(minutes=11), promised=150, held=112)
    body = sign_in(viewer).get(URL + query, headers={"HX-Request": "true"}).content.decode()
    assert f'id="{mark}"' in body
    assert "ays 150 entered, we can see 112" in body
    assert "<html" not in body


def test_a_list_of_something_else_is_told_the_age_alone_and_goes_on_asking_for_it(sign_in, viewer, entries) -> None:
    SyncState.objects.update(last_success_at=timezone.now() - timedelta(minutes=11), promised=150, held=112)
    body = sign_in(viewer).get(f"{URL}?line=entries&age=1", headers={"HX-Request": "true"}).content.decode()
    assert "11 min ago" in body
    assert "112" not in body
    assert "?line=entries&amp;age=1" in body


def test_what_is_as_it_should_be_is_told_in_one_breath(sign_in, viewer, new_connection) -> None:
    for label in ("North", "South"):
        new_connection("programmed", label=label)
    SyncState.objects.update(last_success_at=timezone.now() - timedelta(minutes=11), promised=150, held=150)
    body = sign_in(viewer).get(f"{URL}?line=entries", headers={"HX-Request": "true"}).content.decode()
    assert "11 min ago, all 300 entries seen" in body
    assert body.count("11 min ago") == 1


@pytest.mark.parametrize("listing", ["campaigns", "groups"])
def test_a_list_is_not_told_of_sources_that_have_nothing_for_it(sign_in, viewer, connection, entries, listing) -> None:
    SyncState.objects.update(last_success_at=timezone.now() - timedelta(minutes=11))
    body = sign_in(viewer).get(f"{URL}?line={listing}", headers={"HX-Request": "true"}).content.decode()
    assert "Programmed" not in body


def test_without_script_it_is_a_page(sign_in, viewer, entries) -> None:
    answer = sign_in(viewer).get(URL)
    assert answer.status_code == 200
    assert "<h1>How fresh it is</h1>" in answer.content.decode()


def test_a_stranger_gets_404(sign_in, stranger, connection) -> None:
    assert sign_in(stranger).get(URL).status_code == 404
