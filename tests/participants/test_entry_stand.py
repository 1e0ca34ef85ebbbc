"""Where an entry stands is looked at again until all of it is there."""

import pytest

from organiser_portal.connections.models import Connection, OutboundChange, PushState, Standing
from organiser_portal.participants.models import Entry
from organiser_portal.participants.standing import stand
from tests.conftest import NOW
from tests.factories import make_connection, make_entry, make_listing
from tests.participants.entries import change_of, confirmed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_an_entry_that_is_confirmed_while_its_page_is_read_is_looked_at_once_more(sign_in, editor, organisation):
    listing = make_listing(make_connection(organisation))
    entry = make_entry(listing, email="siobhan@mail.example", origin="staff", push_state=PushState.SENDING)
    change = change_of(entry, editor, state=PushState.SENDING, sent_at=NOW)
    before = Entry.objects.get(pk=entry.pk)
    OutboundChange.objects.filter(pk=change.pk).update(state=PushState.CONFIRMED, settled_at=NOW)
    Entry.objects.filter(pk=entry.pk).update(push_state=PushState.CONFIRMED, external_id="512077")
    read = stand(before, OutboundChange.objects.get(), NOW)
    assert read is not None
    assert read.poll > 0, "or its number would be missing until somebody loads the page again"
    page = sign_in(editor).get(f"/o/fellgate/entries/{entry.pk}/").text
    assert "as number 512077" in page
    assert "hx-trigger" not in page.split('id="entry-stands"')[1].split(">")[0]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (PushState.QUEUED, ("Not yet at eventrac", "eventrac does not have it yet")),
        (PushState.UNKNOWN, ("Perhaps at eventrac", "Nobody knows yet whether eventrac has it")),
        (PushState.NEEDS_PERSON, ("Perhaps at eventrac", "Nobody knows yet whether eventrac has it")),
    ],
)
def test_an_entry_whose_answer_was_lost_is_not_said_to_be_missing_there(sign_in, editor, organisation, state, words):
    entry = make_entry(make_listing(make_connection(organisation)), origin="staff")
    Entry.objects.filter(pk=entry.pk).update(external_id=None)
    change_of(entry, editor, state=state, sent_at=NOW)
    page = sign_in(editor).get(f"/o/fellgate/entries/{entry.pk}/").text
    assert [word in page for word in words] == [True, True]


def test_the_rest_of_the_page_follows_when_an_entry_has_moved_on(sign_in, editor, organisation):
    entry = make_entry(make_listing(make_connection(organisation)), origin="staff", push_state=PushState.UNKNOWN)
    change_of(entry, editor, state=PushState.UNKNOWN, sent_at=NOW)
    client = sign_in(editor)

    def look(seen: str) -> str:
        htmx = {"HX-Request": "true", "HX-Target": "entry-stands"}
        return client.get(f"/o/fellgate/entries/{entry.pk}/state/?seen={seen}", headers=htmx).text

    assert "data-follow" in look("sending")
    again = look("unknown")
    assert "?seen=unknown" in again
    assert "data-follow" not in again


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        (Standing.WORKING, "Saved. eventrac is told now."),
        (Standing.PAUSED, "Saved. eventrac is paused: it is told when the connection is resumed."),
        (Standing.NEEDS_ATTENTION, "Saved. eventrac needs attention: it is told when that is put right."),
    ],
)
def test_who_saves_an_edit_is_told_whether_it_goes_out_now(sign_in, editor, organisation, standing, told):
    entry = confirmed(make_listing(make_connection(organisation)), editor)
    Connection.objects.update(standing=standing)
    client = sign_in(editor)
    address = f"/o/fellgate/entries/{entry.pk}/edit/"
    form = {bound.html_name: str(bound.value() or "") for bound in client.get(address).context["form"]}
    assert told in client.post(address, {**form, "first_name": "Sheila"}, follow=True).text


@pytest.mark.parametrize("state", [PushState.QUEUED, PushState.SENDING, PushState.UNKNOWN])
def test_what_a_provider_does_not_have_yet_is_said_beside_what_it_has(sign_in, editor, organisation, state):
    """On a phone where the entry stands is three screens further down."""
    entry = confirmed(make_listing(make_connection(organisation)), editor)
    client = sign_in(editor)
    address = f"/o/fellgate/entries/{entry.pk}/"
    assert 'href="#stands-title"' not in client.get(address).text
    change_of(entry, editor, action="edit_entry", state=state, sent_at=NOW)
    head = client.get(address).text.split('id="entry-source"')[1].split("</div>")[0]
    assert 'href="#stands-title"' in head
    assert state.label in head
