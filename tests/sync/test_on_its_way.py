"""What was sent and not answered may arrive yet, from a killed worker or to a slow server: it is looked up, and given a
moment that nobody cuts short.
"""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, OutboundChange, PushState
from organiser_portal.events.models import Listing
from organiser_portal.participants.models import Entry
from organiser_portal.sync import outbox
from organiser_portal.sync.asking import send_all_now
from organiser_portal.sync.changes import read_change
from organiser_portal.sync.limits import LEASE
from organiser_portal.sync.outbox import AT_WORK, ON_ITS_WAY
from providers.http import TIMEOUT
from tests.conftest import NOW
from tests.sync.pushing import added, change_of, drain, enterable, there, writes

pytestmark = pytest.mark.portable


@pytest.fixture
def listing(eventrac: Connection) -> Listing:
    return enterable(eventrac)


@pytest.fixture(scope="module")
def dead() -> str:
    """The lease of a worker that is no more."""
    minted = "from organiser_portal.sync.workers import new_token; print(new_token(), end='')"
    return subprocess.run([sys.executable, "-c", minted], capture_output=True, text=True, check=True).stdout


@pytest.fixture(params=["its worker was killed", "its line was cut"])
def edit(eventrac: Connection, listing: Listing, sandbox, clock, dead: str, request) -> OutboundChange:
    """That an entry is called Ada was on its way when that happened."""
    entry, _ = added(listing)
    assert drain(eventrac, clock) == {"confirmed": 1}
    entry.first_name = "Ada"
    if request.param == "its worker was killed":
        held = {"state": PushState.SENDING, "lease": dead, "leased_until": NOW + LEASE}
        edit = change_of(entry, "edit_entry", fields=["first_name"], **held)
        assert drain(eventrac, clock) == {}
    else:
        edit = change_of(entry, "edit_entry", fields=["first_name"])
        sandbox.faults.add("eventrac:drop_before_write,method=PUT,times=1")
        assert drain(eventrac, clock) == {"unknown": 1}
    edit.refresh_from_db()
    assert edit.state == PushState.UNKNOWN
    return edit


def arrives(change: OutboundChange) -> None:
    """What its worker had sent is taken in now."""
    with gateway.open_provider(change.connection) as provider:
        provider.push(
            read_change(
                action=change.action,
                reference=change.reference,
                race_id=change.race_external_id,
                external_id=Entry.objects.get(pk=change.entry_id).external_id or "",
                values=change.values,
            )
        )


def test_an_edit_is_given_as_long_as_its_answer(edit, clock) -> None:
    """A slow server may take it in after what is sent next, and the entry would have its older value there."""
    assert edit.due_at >= clock.now + timedelta(seconds=TIMEOUT.read or 0)


@pytest.mark.parametrize("who", ["somebody presses Try now", "an operator has everything sent"])
def test_nobody_has_it_sent_before(eventrac, edit, sandbox, clock, who) -> None:
    entry = Entry.objects.get(pk=edit.entry_id)
    entry.first_name = "Ida"
    change_of(entry, "edit_entry", fields=["first_name"])
    if who == "somebody presses Try now":
        assert outbox.try_again(edit, due=clock.now)
    else:
        send_all_now(eventrac, now=clock.now)
    clock.now += AT_WORK - timedelta(seconds=1)
    assert drain(eventrac, clock) == {}
    arrives(edit)
    clock.now += timedelta(seconds=1)
    assert drain(eventrac, clock) == {"confirmed": 2}
    assert there(sandbox, entry)[0]["first_name"] == "Ida"


@pytest.mark.postgresql
def test_who_presses_try_now_is_told_why_it_waits(edit, sign_in, editor) -> None:
    OutboundChange.objects.filter(pk=edit.pk).update(leased_until=timezone.now() + AT_WORK)
    page = sign_in(editor).post(f"/o/fellgate/sync/outbound/{edit.pk}/retry/", follow=True).text
    assert edit.message in page
    assert "This change is tried within half a minute." in page


def test_an_add_is_given_a_moment(eventrac, listing, clock, dead) -> None:
    _, change = added(listing)
    OutboundChange.objects.filter(pk=change.pk).update(state=PushState.SENDING, lease=dead, leased_until=NOW + LEASE)
    assert drain(eventrac, clock) == {}
    change.refresh_from_db()
    assert (change.state, change.due_at) == (PushState.UNKNOWN, clock.now + ON_ITS_WAY)
    clock.now += ON_ITS_WAY
    assert drain(eventrac, clock) == {"confirmed": 1}


def test_an_add_is_looked_up(eventrac, listing, sandbox, clock) -> None:
    entry, change = added(listing)
    assert drain(eventrac, clock) == {"confirmed": 1}
    OutboundChange.objects.filter(pk=change.pk).update(
        state=PushState.SENDING, lease="x", leased_until=NOW + LEASE, settled_at=None
    )
    Entry.objects.filter(pk=entry.pk).update(external_id=None)
    assert drain(eventrac, clock) == {}, "the lease is still held"
    clock.now += LEASE
    before = writes(sandbox)
    assert drain(eventrac, clock) == {"confirmed": 1}
    assert writes(sandbox) == before
    assert len(there(sandbox, entry)) == 1
