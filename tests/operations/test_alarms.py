"""A stale source is told to the owners: once, with an all-clear, whatever becomes of the mail server."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.events.models import Event, EventListing, Listing, Race
from organiser_portal.operations import alarms, letters
from organiser_portal.operations.models import Alarm, Fault, Letter, Tick
from organiser_portal.sync.models import Outcome, SyncRun
from tests.conftest import NOW

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LIMIT = 2 * 4 * HOUR + 5 * MINUTE  # of a source that is asked every four hours


@pytest.fixture(autouse=True)
def clock_ticks(db: None) -> None:
    """We have been at work for days."""
    Tick.objects.create(pk=1, at=NOW, steady_since=NOW - 48 * HOUR)


def seen(state: SyncState, at: datetime, **more: Any) -> None:
    SyncState.objects.filter(pk=state.pk).update(last_success_at=at, **{"due_at": at + 4 * HOUR, **more})


def a_minute(now: datetime = NOW) -> list[mail.EmailMessage]:
    """What was posted by one look."""
    before = len(mail.outbox)
    alarms.look(now=now)
    letters.send_due(now=now)
    return mail.outbox[before:]


def failed(connection: Connection, sentence: str, kind: str = "ProviderUnavailable") -> None:
    SyncRun.objects.create(
        organisation=connection.organisation,
        connection=connection,
        resource="entries",
        outcome=Outcome.FAILED,
        error_kind=kind,
        error_sentence=sentence,
        started_at=NOW,
        progressed_at=NOW,
        finished_at=NOW,
    )


def test_the_owners_are_told_once_and_once_that_it_is_well(connection, entries, owner, manager) -> None:
    failed(connection, "Programmed does not answer: the connection was refused.")
    seen(entries, NOW - LIMIT - MINUTE, failures=9, due_at=NOW + HOUR)
    (letter,) = a_minute()
    assert letter.to == ["olive@fellgate.example"]
    assert letter.subject == "Fellgate Events: Programmed is not up to date"
    for told in ("as it was on", "Programmed does not answer: the connection was refused.", "The provider."):
        assert told in letter.body
    assert f"http://127.0.0.1:8000/o/fellgate/connections/{connection.pk}/" in letter.body
    assert a_minute(NOW + MINUTE) == []
    seen(entries, NOW + 2 * MINUTE, failures=0)
    (well,) = a_minute(NOW + 3 * MINUTE)
    assert well.subject == "Fellgate Events: Programmed is up to date again"
    assert "for 8 h" in well.body
    assert a_minute(NOW + 4 * MINUTE) == []


def test_the_limit_is_twice_the_interval_and_a_little(connection, entries, owner) -> None:
    seen(entries, NOW - LIMIT, failures=3)
    assert a_minute() == []
    assert len(a_minute(NOW + timedelta(seconds=1))) == 1


def test_on_race_day_it_is_told_within_minutes(connection, entries, owner) -> None:
    common = {"organisation": connection.organisation, "first_seen": NOW, "last_seen": NOW, "connection": connection}
    event = Event.objects.create(organisation=connection.organisation, name="Hexley")
    race = Race.objects.create(organisation=connection.organisation, event=event, name="10K", starts_at=NOW + HOUR)
    at = EventListing.objects.create(event=event, external_id="E", **common)
    Listing.objects.create(race=race, event_listing=at, external_id="R", starts_at=race.starts_at, **common)
    seen(entries, NOW - 8 * MINUTE, failures=3)
    assert len(a_minute()) == 1


def test_a_race_that_comes_near_makes_nothing_stale_by_itself(connection, entries, owner) -> None:
    seen(entries, NOW - LIMIT - MINUTE, due_at=NOW + MINUTE, failures=0)
    SyncState.objects.filter(connection=connection).exclude(pk=entries.pk).update(failures=0, due_at=NOW + MINUTE)
    Connection.objects.update(quiet_until=None)
    assert a_minute() == []


def test_a_refused_key_is_told_as_soon_as_it_has_lasted(connection, entries, owner) -> None:
    seen(entries, NOW - HOUR)
    reason = "Programmed refuses the key."
    Connection.objects.update(
        standing=Standing.NEEDS_ATTENTION, standing_reason=reason, standing_since=NOW - 15 * MINUTE
    )
    assert a_minute() == []
    (letter,) = a_minute(NOW + MINUTE)
    assert reason in letter.body
    assert "enter a new one" in letter.body
    assert Alarm.objects.get().fault == Fault.ACCESS


def test_whose_fault_it_is_is_said(connection, entries, owner) -> None:
    seen(entries, NOW - LIMIT - MINUTE, due_at=NOW - 4 * HOUR)
    (letter,) = a_minute()
    assert "This portal is behind with its work." in letter.body
    assert "tell whoever runs this portal" in letter.body


def test_a_provider_that_wants_quiet_is_not_blamed_on_anybody(connection, entries, owner) -> None:
    seen(entries, NOW - LIMIT - MINUTE, due_at=NOW + HOUR, failures=1)
    Connection.objects.update(quiet_until=NOW + HOUR)
    (letter,) = a_minute()
    assert "asked us not to call for now" in letter.body


def test_after_a_pause_of_our_own_everything_gets_time_to_mend(connection, entries, owner) -> None:
    Tick.objects.update(steady_since=NOW - MINUTE)
    seen(entries, NOW - LIMIT - HOUR, due_at=NOW - 5 * HOUR)
    assert a_minute() == []
    assert len(a_minute(NOW + 15 * MINUTE)) == 1


def test_what_was_never_seen_in_full_is_no_alarm(connection, entries, owner) -> None:
    SyncState.objects.update(failures=9, due_at=NOW - HOUR)
    assert a_minute() == []


def test_whoever_pauses_a_connection_needs_no_letter(connection, entries, owner) -> None:
    seen(entries, NOW - LIMIT - MINUTE, failures=9)
    assert len(a_minute()) == 1
    Connection.objects.update(standing=Standing.PAUSED)
    assert a_minute(NOW + MINUTE) == []
    assert Alarm.objects.get().cleared_at == NOW + MINUTE


def test_two_looks_at_once_raise_one_alarm(connection, entries, owner) -> None:
    seen(entries, NOW - LIMIT - MINUTE, failures=9)
    alarms.look(now=NOW)
    alarms.look(now=NOW)
    assert (Alarm.objects.count(), Letter.objects.count()) == (1, 1)


class Away(BaseEmailBackend):
    """A mail server that takes nothing."""

    tried = 0

    def send_messages(self, email_messages: Any) -> int:
        Away.tried += 1
        raise ConnectionRefusedError


@pytest.fixture
def no_mail_server(settings: Any) -> None:
    Away.tried = 0
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Away"}}


def test_a_letter_is_tried_a_few_times_and_given_up(connection, entries, owner, no_mail_server) -> None:
    seen(entries, NOW - LIMIT - MINUTE, failures=9)
    for minute in range(120):
        a_minute(NOW + minute * MINUTE)
    letter = Letter.objects.get()
    assert (Away.tried, letter.tries, letter.due_at, letter.sent_at) == (6, 6, None, None)


def test_a_letter_waits_for_the_mail_server(connection, entries, owner, settings, no_mail_server) -> None:
    seen(entries, NOW - LIMIT - MINUTE, failures=9)
    assert a_minute() == []
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    assert len(a_minute(NOW + 2 * MINUTE)) == 1


def test_who_never_heard_that_it_was_stale_does_not_hear_that_it_is_well(
    connection, entries, owner, settings, no_mail_server
) -> None:
    seen(entries, NOW - LIMIT - MINUTE, failures=9)
    assert a_minute() == []
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    seen(entries, NOW, failures=0)
    assert a_minute(NOW + 30 * MINUTE) == []
    assert Alarm.objects.get().cleared_at is not None


def test_healthy_connections_cost_nothing(new_connection, owner, django_assert_max_num_queries) -> None:
    for number in range(5):
        healthy = new_connection(label=str(number))
        SyncState.objects.filter(connection=healthy).update(last_success_at=NOW, due_at=NOW + HOUR)
    with django_assert_max_num_queries(2):
        alarms.look(now=NOW)


def test_suspects_cost_the_same_however_many(new_connection, owner, django_assert_max_num_queries) -> None:
    for number in range(20):
        troubled = new_connection(label=str(number))
        SyncState.objects.filter(connection=troubled).update(last_success_at=NOW, due_at=NOW + HOUR, failures=1)
    with django_assert_max_num_queries(30):  # of which one each asks for an open alarm
        alarms.look(now=NOW)
