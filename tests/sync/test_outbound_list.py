"""The queue of changes, and what staff may do with one."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from organiser_portal.connections.models import Connection, OutboundChange, PushState, Standing
from organiser_portal.events.models import Event, EventListing, Listing, Race
from organiser_portal.participants.models import Entry
from tests.conftest import NOW

pytestmark = pytest.mark.portable

URL = "/o/fellgate/sync/outbound/"


@pytest.fixture
def listing(connection) -> Listing:
    common = {"organisation": connection.organisation, "connection": connection, "first_seen": NOW, "last_seen": NOW}
    event = Event.objects.create(organisation=connection.organisation, name="Hexley")
    race = Race.objects.create(organisation=connection.organisation, event=event, name="Hexley 10K")
    at = EventListing.objects.create(event=event, external_id="E", **common)
    return Listing.objects.create(race=race, event_listing=at, external_id="R", **common)


@pytest.fixture
def new_change(connection, listing):
    def make(state: str = "queued", first: str = "Ada", **values) -> OutboundChange:
        entry = Entry.objects.create(
            organisation=connection.organisation, connection=connection, listing=listing, race=listing.race,
            origin="staff", first_name=first, last_name="Byron", first_seen=NOW, last_seen=NOW, entered_at=NOW,
            push_state=state,
        )  # fmt: skip
        values = {"action": "add_entry", "values": {"person": {"first_name": first}}, "due_at": NOW, **values}
        return OutboundChange.objects.create(
            organisation=connection.organisation, connection=connection, entry_id=entry.pk, reference=entry.reference,
            race_external_id="R", state=state, created_at=NOW, **values,
        )  # fmt: skip

    return make


def test_each_change_says_who_where_and_why(sign_in, viewer, new_change) -> None:
    change = new_change("rejected", message="Programmed refused: e-mail is not valid")
    body = sign_in(viewer).get(URL).content.decode()
    assert "<b>Byron</b>" in body
    assert "Hexley 10K" in body
    assert "Programmed refused: e-mail is not valid" in body
    assert f"{URL}{change.pk}/" in body


@pytest.mark.postgresql
def test_it_can_be_narrowed_by_state(sign_in, viewer, new_change) -> None:
    new_change("rejected", "Refusella")
    new_change("queued", "Queuentin")
    new_change("confirmed", "Confirmina")
    client = sign_in(viewer)
    moving = client.get(URL, {"state": "under-way"}).content.decode()
    assert "Queuentin" in moving
    assert "Refusella" not in moving
    refused = client.get(URL, {"state": "rejected"}).content.decode()
    assert "Refusella" in refused
    assert "Confirmina" not in refused


def test_it_looks_again_only_while_something_moves(sign_in, viewer, new_change) -> None:
    new_change("confirmed")
    client = sign_in(viewer)
    assert "every 5s" not in client.get(URL).content.decode()
    new_change("queued")
    assert "every 5s" in client.get(URL).content.decode()


def test_a_queue_that_is_held_up_says_by_what_and_until_when(sign_in, viewer, new_change) -> None:
    """A key that may not do it any more parks nothing, and yet somebody has to see to it."""
    later = timezone.now() + timedelta(hours=6)
    new_change("queued", attempts=1, message="It accepts the key but does not allow this.", due_at=later)
    text = " ".join(re.sub("<[^>]+>", " ", sign_in(viewer).get(URL).text).split())
    assert "does not allow this. The next try is" in text


def test_the_queries_do_not_grow_with_the_queue(sign_in, viewer, new_change, django_assert_max_num_queries) -> None:
    for _ in range(12):
        new_change()
    client = sign_in(viewer)
    with django_assert_max_num_queries(16):
        client.get(URL)


@pytest.mark.parametrize(
    ("state", "after", "told"),
    [
        ("rejected", "queued", ""),
        ("needs_person", "queued", ""),
        ("queued", "queued", ""),
        ("unknown", "unknown", "why"),
    ],
)
def test_an_editor_may_have_it_tried_again(sign_in, editor, new_change, state, after, told) -> None:
    later = timezone.now() + timezone.timedelta(hours=3)
    change = new_change(state, due_at=later, message="why", field_errors={"email": ["no"]}, attempts=7)
    answer = sign_in(editor).post(f"{URL}{change.pk}/retry/")
    assert (answer.status_code, answer["Location"]) == (303, URL)
    change.refresh_from_db()
    assert (change.state, change.message, change.field_errors, change.attempts) == (after, told, {}, 0)
    assert change.due_at < later
    assert Entry.objects.get(pk=change.entry_id).push_state == after


@pytest.mark.parametrize("verb", ["retry", "undo", "discard"])
def test_who_presses_something_is_back_in_the_list_as_it_was_narrowed(sign_in, editor, new_change, verb) -> None:
    new_change("queued" if verb == "undo" else "rejected")
    client = sign_in(editor)
    narrowed = f"{URL}?state={'under-way' if verb == 'undo' else 'rejected'}&sort=saved"
    address = re.search(rf'action="([^"]+/{verb}/[^"]*)"', client.get(narrowed).text)
    assert address is not None
    assert client.post(html.unescape(address[1]))["Location"] == narrowed


@pytest.mark.parametrize("state", ["rejected", "needs_person"])
def test_several_that_wait_for_somebody_are_sent_again_in_one_go(sign_in, editor, viewer, new_change, state) -> None:
    """What a provider refused of sixty for one reason of its own is not pressed sixty times."""
    offered = f'href="/o/fellgate/entries/bulk/push/?change={state}"'
    new_change(state)
    client = sign_in(editor)
    assert offered not in client.get(URL, {"state": state}).text
    new_change(state, "Zoe")
    assert offered in client.get(URL, {"state": state}).text
    assert offered not in client.get(URL).text, "not all of these wait for somebody"
    assert offered not in client.get(URL, {"state": state, "action": "add_entry"}).text, "it would mean others, too"
    assert offered not in sign_in(viewer).get(URL, {"state": state}).text
    looked_over = sign_in(editor).get(f"/o/fellgate/entries/bulk/push/?change={state}").text
    assert "Send again for 2 entries" in looked_over


def test_what_was_discarded_has_its_own_choice(sign_in, viewer, new_change) -> None:
    new_change("discarded", "Discardia")
    new_change("confirmed", "Confirmina")
    page = sign_in(viewer).get(URL, {"state": "discarded"}).text
    assert "Discardia" in page
    assert "Confirmina" not in page
    assert re.search(r'aria-current="true"[^>]*>Discarded<', page)


def test_who_presses_something_beside_the_list_stays_beside_it(sign_in, editor, new_change) -> None:
    change = new_change("rejected")
    client = sign_in(editor)
    shown = f"{URL}{change.pk}/?in=changes&state=rejected"
    address = re.search(r'action="([^"]+/retry/[^"]*)"', client.get(shown).text)
    assert address is not None
    assert client.post(html.unescape(address[1]))["Location"] == shown


def test_who_asks_while_the_provider_wants_quiet_is_told_until_when(sign_in, editor, new_change) -> None:
    change, until = new_change(), timezone.now() + timezone.timedelta(minutes=9)
    Connection.objects.update(standing="working", quiet_until=until)
    page = sign_in(editor).post(f"{URL}{change.pk}/retry/", follow=True).content.decode()
    assert "This change is tried then." in page
    change.refresh_from_db()
    assert change.due_at == until


@pytest.mark.parametrize("state", ["sending", "confirmed", "discarded"])
def test_what_is_on_its_way_or_over_is_not_tried_again(sign_in, editor, new_change, state) -> None:
    change = new_change(state)
    sign_in(editor).post(f"{URL}{change.pk}/retry/")
    change.refresh_from_db()
    assert change.state == state


def test_a_refused_add_may_be_discarded(sign_in, editor, new_change) -> None:
    change = new_change("rejected")
    assert sign_in(editor).post(f"{URL}{change.pk}/discard/").status_code == 303
    change.refresh_from_db()
    assert change.state == PushState.DISCARDED
    assert Entry.objects.get(pk=change.entry_id).push_state == ""


def test_what_waits_to_be_sent_is_not_discarded_here(sign_in, editor, new_change) -> None:
    change = new_change("queued")
    sign_in(editor).post(f"{URL}{change.pk}/discard/")
    change.refresh_from_db()
    assert change.state == PushState.QUEUED


@pytest.mark.parametrize("verb", ["retry", "discard"])
def test_a_viewer_may_only_look(sign_in, viewer, new_change, verb) -> None:
    change = new_change("rejected")
    client = sign_in(viewer)
    assert f"/{verb}/" not in client.get(URL).content.decode()
    assert client.post(f"{URL}{change.pk}/{verb}/").status_code == 403


@pytest.mark.parametrize("verb", ["retry", "discard"])
def test_a_stranger_gets_404(sign_in, stranger, new_change, verb) -> None:
    change = new_change("rejected")
    client = sign_in(stranger)
    assert client.get(URL).status_code == 404
    assert client.post(f"/o/elsewhere/sync/outbound/{change.pk}/{verb}/").status_code == 404


def test_what_waits_can_be_sent_at_once(sign_in, editor, viewer, stranger, connection) -> None:
    address = f"/o/fellgate/sync/connections/{connection.pk}/push/"
    assert sign_in(editor).post(address, headers={"HX-Request": "true"}).status_code == 204
    assert sign_in(editor).post(address).status_code == 303
    assert sign_in(viewer).post(address).status_code == 403
    assert sign_in(stranger).post(address).status_code == 404


def test_nothing_is_promised_while_a_connection_needs_attention(sign_in, editor, new_change) -> None:
    change = new_change(attempts=2, error_kind="AccessDenied", message="It does not allow this.")
    client = sign_in(editor)
    assert "Tried 2 times, next" in client.get(URL).text
    Connection.objects.update(standing=Standing.NEEDS_ATTENTION)
    text = client.get(URL).text
    assert "Tried 2 times" in text
    assert "Tried 2 times, next" not in text
    told = client.post(f"{URL}{change.pk}/retry/", follow=True).text
    assert told.count("The connection needs attention. It goes out when that is put right.") == 2  # said, and above
