"""A promise kept: what is added here arrives there once, or says why not."""

from datetime import timedelta

import pytest

from organiser_portal.connections.models import Connection, OutboundChange, PushState, Standing
from organiser_portal.events.models import Listing
from organiser_portal.participants.models import Entry, Revision
from organiser_portal.sync import outbox
from providers.errors import FieldError, Refused
from tests.conftest import NOW
from tests.factories import make_listing
from tests.sync.pushing import added, change_of, drain, enterable, there, writes
from tests.sync.world import receipt


@pytest.fixture
def listing(eventrac: Connection) -> Listing:
    """A race at eventrac that takes entries."""
    return enterable(eventrac)


def test_an_added_entry_arrives_and_bears_the_number_there(eventrac, listing, sandbox, clock) -> None:
    entry, change = added(listing)
    assert drain(eventrac, clock) == {"confirmed": 1}
    entry.refresh_from_db()
    change.refresh_from_db()
    (stored,) = there(sandbox, entry)
    assert entry.external_id == str(stored["id"])
    assert (entry.push_state, change.state, change.settled_at) == ("confirmed", "confirmed", NOW)
    assert Revision.objects.get(entry=entry).source == "push"


@pytest.mark.parametrize("fault", ["drop_before_write", "drop_after_write", "status=500,after_write", "truncate"])
def test_a_lost_answer_never_doubles_an_entry(eventrac, listing, sandbox, clock, fault) -> None:
    entry, _ = added(listing)
    sandbox.faults.add(f"eventrac:{fault},method=POST,times=1")
    assert drain(eventrac, clock) == {"confirmed": 1}
    (stored,) = there(sandbox, entry)
    entry.refresh_from_db()
    assert entry.external_id == str(stored["id"])


@pytest.mark.parametrize("fault", ["drop_before_write", "drop_after_write", "status=503,after_write"])
def test_a_lost_answer_to_many_never_doubles_one(eventrac, listing, sandbox, clock, fault) -> None:
    entries = [added(listing, name)[0] for name in ("Ada", "Bea", "Cleo")]
    sandbox.faults.add(f"eventrac:{fault},method=POST,times=1")
    assert drain(eventrac, clock) == {"confirmed": 3}
    assert [len(there(sandbox, entry)) for entry in entries] == [1, 1, 1]


def test_several_adds_go_together(eventrac, listing, sandbox, clock) -> None:
    for name in ("Ada", "Bea", "Cleo"):
        added(listing, name)
    before = writes(sandbox)
    assert drain(eventrac, clock) == {"confirmed": 3}
    assert writes(sandbox) - before <= 2  # the first may find out which of the two addresses is served


def test_those_that_turn_out_not_to_be_there_go_together(eventrac, listing, sandbox, clock) -> None:
    """A worker was killed before it said anything: each is looked for, and then they are one call again."""
    for number in range(5):
        added(listing, f"Ada {number}")
    there_already, _ = added(listing, "Bea")
    OutboundChange.objects.exclude(entry_id=there_already.pk).update(state=PushState.UNKNOWN)
    drain(eventrac, clock)
    assert set(OutboundChange.objects.values_list("state", flat=True)) == {"confirmed"}
    looked = [call for call in sandbox.calls("eventrac", "GET") if "/participants/" in call.path]
    assert (len(looked), writes(sandbox)) == (5, 2), "one together, and one by itself"
    OutboundChange.objects.update(state=PushState.UNKNOWN, due_at=NOW)
    assert drain(eventrac, clock) == {"confirmed": 6}
    assert writes(sandbox) == 2, "what is there is not sent"


def test_one_refused_among_many_stops_no_other(eventrac, listing, sandbox, clock) -> None:
    good, _ = added(listing, "Ada")
    bad, change = added(listing, "Bea", email="not an address")
    other, _ = added(listing, "Cleo")
    assert drain(eventrac, clock) == {"confirmed": 2, "rejected": 1}
    change.refresh_from_db()
    bad.refresh_from_db()
    assert bad.push_state == "rejected"
    assert list(change.field_errors) == ["email"]
    assert change.message.startswith("eventrac refused: ")
    assert change.field_errors["email"][0] in change.message
    assert there(sandbox, good)
    assert there(sandbox, other)


def test_what_no_database_takes_in_a_refusal_holds_up_nobody(connection, script, clock) -> None:
    """A NUL in what they say against one entry: it could not be written down, nor could what became of the others."""
    listing = make_listing(connection, external_id="R")
    _, bad = added(listing, "Ada")
    _, good = added(listing, "Bea")
    objections = {"e\x00mail": [FieldError(rule="x", text="no\x00thing")]}
    script.pushes = [Refused("no\x00", field_errors=objections), receipt(good.reference, "n2")]
    assert drain(connection, clock) == {"rejected": 1, "confirmed": 1}
    bad.refresh_from_db()
    assert bad.field_errors == {"e mail": ["no thing"]}
    assert "\x00" not in bad.message


def test_an_unreachable_look_up_leaves_it_unknown_and_goes_on_later(eventrac, listing, sandbox, clock) -> None:
    entry, change = added(listing)
    sandbox.faults.add("eventrac:drop_after_write,method=POST,times=1")
    sandbox.faults.add("eventrac:status=500,method=GET,path=/participants/,times=1")
    assert drain(eventrac, clock) == {"unknown": 1}
    change.refresh_from_db()
    assert change.message.startswith("No clear answer came. Checking with eventrac")
    assert change.due_at > NOW
    assert drain(eventrac, clock) == {}, "not before its time"
    clock.now += timedelta(minutes=2)
    assert drain(eventrac, clock) == {"confirmed": 1}
    assert len(there(sandbox, entry)) == 1


def test_another_person_under_the_reference_needs_a_person(eventrac, listing, sandbox, clock) -> None:
    entry, _ = added(listing)
    drain(eventrac, clock)
    again = change_of(entry)
    again.values["person"]["first_name"] = "Bartholomew"
    again.save()
    assert drain(eventrac, clock) == {"needs_person": 1}
    again.refresh_from_db()
    assert "another person" in again.message


def test_the_same_person_under_the_reference_is_taken_over_and_told_what_has_changed(
    eventrac, listing, sandbox, clock
) -> None:
    """It may have been mended since it arrived there."""
    entry, _ = added(listing)
    drain(eventrac, clock)
    Entry.objects.filter(pk=entry.pk).update(external_id=None, first_name="ZOE", city="Leeds")
    entry.refresh_from_db()
    change_of(entry)
    assert drain(eventrac, clock) == {"confirmed": 2}
    (stored,) = there(sandbox, entry)
    assert (stored["first_name"], stored["address_city"], stored["email"]) == ("ZOE", "Leeds", "runner@example.org")


def test_a_revoked_key_parks_the_connection_and_loses_nothing(eventrac, listing, sandbox, clock) -> None:
    entry, _ = added(listing)
    added(listing, "Ada")
    sandbox.faults.add("eventrac:revoke")
    drain(eventrac, clock)
    assert eventrac.standing == Standing.NEEDS_ATTENTION
    assert "key" in eventrac.standing_reason
    assert set(OutboundChange.objects.values_list("state", flat=True)) == {"queued"}
    entry.refresh_from_db()
    assert entry.push_state == "queued"
    sandbox.faults.clear()
    Connection.objects.update(standing=Standing.WORKING)
    assert drain(eventrac, clock) == {"confirmed": 2}


def test_a_key_that_is_refused_while_an_answer_is_looked_through_is_not_used_again(
    eventrac, listing, sandbox, clock
) -> None:
    """Two of one name came back without their references: they are asked for, until the key is refused."""
    twins = [added(listing, "Ada", birth_date=None)[0] for _ in range(3)]
    sandbox.faults.add("eventrac:revoke,method=GET")
    assert drain(eventrac, clock) == {"unknown": 3}
    assert eventrac.standing == Standing.NEEDS_ATTENTION
    assert len([call for call in sandbox.calls("eventrac") if call.status == 401]) == 1
    sandbox.faults.clear()
    Connection.objects.update(standing=Standing.WORKING)
    assert drain(eventrac, clock) == {"confirmed": 3}
    assert [len(there(sandbox, entry)) for entry in twins] == [1, 1, 1]


def test_a_key_that_may_add_nothing_any_more_is_not_tried_on_every_entry(eventrac, listing, sandbox, clock) -> None:
    """Denied together, then three by themselves: the others wait, and nothing of it is lost."""
    for number in range(110):
        added(listing, f"Ada {number}")
    before = writes(sandbox)
    sandbox.faults.add("eventrac:status=403,method=POST,times=forever")
    drain(eventrac, clock)
    assert writes(sandbox) - before <= 5
    assert set(OutboundChange.objects.values_list("state", flat=True)) == {"queued"}
    sandbox.faults.clear()
    OutboundChange.objects.update(due_at=NOW)
    assert drain(eventrac, clock) == {"confirmed": 110}


def test_a_provider_that_asks_us_to_wait_is_obeyed(eventrac, listing, sandbox, clock) -> None:
    _, change = added(listing)
    sandbox.faults.add("eventrac:status=429,retry_after=97,method=POST,times=1")
    drain(eventrac, clock)
    change.refresh_from_db()
    assert (change.state, change.due_at) == ("queued", NOW + timedelta(seconds=97))
    clock.now += timedelta(seconds=97)
    assert drain(eventrac, clock) == {"confirmed": 1}


@pytest.mark.parametrize("names", [["Ada"], ["Ada", "Bea"]], ids=["one", "many"])
def test_after_an_outage_that_says_how_long_nothing_is_asked_before(eventrac, listing, sandbox, clock, names) -> None:
    entries = [added(listing, name)[0] for name in names]
    sandbox.faults.add("eventrac:status=503,retry_after=30,after_write,method=POST,times=1")
    before = len(sandbox.calls("eventrac"))
    assert drain(eventrac, clock) == {"unknown": len(names)}
    assert len(sandbox.calls("eventrac")) == before + 1
    assert set(OutboundChange.objects.values_list("due_at", flat=True)) == {NOW + timedelta(seconds=30)}
    clock.now += timedelta(seconds=29)
    assert drain(eventrac, clock) == {}
    clock.now += timedelta(seconds=1)
    assert drain(eventrac, clock) == {"confirmed": len(names)}
    assert [len(there(sandbox, entry)) for entry in entries] == [1] * len(names)


def test_a_paused_connection_sends_nothing(eventrac, listing, sandbox, clock) -> None:
    added(listing)
    Connection.objects.update(standing=Standing.PAUSED)
    before = writes(sandbox)
    assert drain(eventrac, clock) == {}
    assert writes(sandbox) == before


def test_an_emptied_change_is_not_sent(eventrac, listing, sandbox, clock) -> None:
    _, change = added(listing)
    OutboundChange.objects.filter(pk=change.pk).update(values={})
    before = writes(sandbox)
    assert drain(eventrac, clock) == {"needs_person": 1}
    assert writes(sandbox) == before


def test_two_workers_never_send_the_same_change(eventrac, listing, sandbox, clock) -> None:
    added(listing)
    assert outbox.take(eventrac.pk, now=NOW, most=10)
    assert outbox.take(eventrac.pk, now=NOW, most=10) == []
