"""What has not left can be undone: the entry is as it was, and its history says so."""

import pytest
from django.utils import timezone

from organiser_portal.connections.models import Connection, OutboundChange, PushState
from organiser_portal.events.models import Listing
from organiser_portal.participants.models import Entry, Revision
from organiser_portal.participants.services import EntryValues, add_entry, edit_entry
from organiser_portal.participants.services.errors import TooLateToUndo
from organiser_portal.participants.services.undoing import undo
from organiser_portal.sync import outbox
from tests.conftest import NOW
from tests.sync.test_outbound_list import URL
from tests.sync.test_push import drain, listing, there

pytestmark = pytest.mark.portable

__all__ = ["listing"]


@pytest.fixture
def entry(eventrac: Connection, listing: Listing, editor, clock) -> Entry:
    """At eventrac, confirmed."""
    entry = a_new_one(listing, editor)
    drain(eventrac, clock)
    entry.refresh_from_db()
    assert entry.push_state == "confirmed"
    return entry


def a_new_one(listing: Listing, editor) -> Entry:
    person = {"first_name": "Zoë", "last_name": "Ní Dhomhnaill", "email": "zoe@example.org"}
    values = EntryValues(person=person)
    return add_entry(race=listing.race, listing=listing, reference="z" * 32, values=values, by=editor, now=NOW)


def edited(entry: Entry, editor, **person) -> OutboundChange:
    edit_entry(entry=entry, values=EntryValues(person=person), by=editor, now=NOW)
    return OutboundChange.objects.filter(entry_id=entry.pk).latest("pk")


def test_an_edit_that_waits_is_undone_with_all_it_took_in(sign_in, editor, entry, eventrac, clock, sandbox) -> None:
    edited(entry, editor, first_name="Zara", phone="07700 900111")
    change = edited(entry, editor, first_name="Zelda")
    client = sign_in(editor)
    assert f"{URL}{change.pk}/undo/" in client.get(URL).content.decode()
    answer = client.post(f"{URL}{change.pk}/undo/")
    assert (answer.status_code, answer["Location"]) == (303, URL)
    entry.refresh_from_db()
    change.refresh_from_db()
    assert (entry.first_name, entry.phone, entry.push_state) == ("Zoë", "", "confirmed")
    assert "zoe" in entry.search_text
    assert change.state == PushState.DISCARDED
    told = Revision.objects.filter(entry=entry).latest("pk")
    assert (told.summary, told.by) == ("Undone before it was sent", editor)
    assert {each["field"]: each["new"] for each in told.changes}["first_name"] == "Zoë"
    assert drain(eventrac, clock) == {}
    assert there(sandbox, entry)[0]["first_name"] == "Zoë"


def test_an_add_that_waits_leaves_an_entry_without_a_place(sign_in, editor, eventrac, listing, sandbox, clock) -> None:
    entry = a_new_one(listing, editor)
    change = OutboundChange.objects.get(entry_id=entry.pk)
    page = sign_in(editor).get(f"/o/fellgate/entries/{entry.pk}/").content.decode()
    assert f"{URL}{change.pk}/undo/?entry=1" in page
    answer = sign_in(editor).post(f"{URL}{change.pk}/undo/?entry=1")
    assert answer["Location"].endswith(f"/entries/{entry.pk}/")
    entry.refresh_from_db()
    assert (entry.status, entry.connection, entry.push_state) == ("withdrawn", None, "")
    assert drain(eventrac, clock) == {}
    assert there(sandbox, entry) == []


@pytest.mark.postgresql
@pytest.mark.parametrize("state", ["sending", "unknown", "confirmed", "rejected", "discarded"])
def test_what_has_left_is_not_undone(sign_in, editor, entry, state) -> None:
    change = edited(entry, editor, first_name="Zara")
    OutboundChange.objects.filter(pk=change.pk).update(state=state)
    answer = sign_in(editor).post(f"{URL}{change.pk}/undo/", follow=True)
    assert "Too late to undo" in answer.content.decode()
    entry.refresh_from_db()
    change.refresh_from_db()
    assert (entry.first_name, change.state) == ("Zara", state)


def test_what_a_worker_takes_first_goes_out(entry, eventrac, editor, clock) -> None:
    change = edited(entry, editor, first_name="Zara")
    assert outbox.take(eventrac.pk, now=NOW, most=10)
    with pytest.raises(TooLateToUndo):
        undo(entry=entry, change=change, by=editor, now=NOW)


def test_a_viewer_undoes_nothing(sign_in, viewer, entry, editor) -> None:
    change = edited(entry, editor, first_name="Zara")
    assert sign_in(viewer).post(f"{URL}{change.pk}/undo/").status_code == 403
    assert "undo" not in sign_in(viewer).get(URL).content.decode()


@pytest.mark.postgresql
def test_the_page_says_what_waits_for_whom_and_why(sign_in, viewer, entry, eventrac, editor) -> None:
    edited(entry, editor, first_name="Zara")
    OutboundChange.objects.filter(state="queued").update(created_at=timezone.now() - timezone.timedelta(minutes=7))
    body = sign_in(viewer).get(URL).content.decode()
    assert "<b>eventrac</b></a>: 1 waits, saved" in body
    assert "7 min" in body
    Connection.objects.update(standing="paused")
    assert "The connection is paused." in sign_in(viewer).get(URL).content.decode()
    Connection.objects.update(standing="working", quiet_until=timezone.now() + timezone.timedelta(minutes=9))
    assert "eventrac asks us not to call before" in sign_in(viewer).get(URL).content.decode()
