"""The page of one change: what it tells, how far it is, why it was refused, and what staff may do about it."""

import re

import pytest

from organiser_portal.connections.models import OutboundChange
from organiser_portal.participants.models import Entry
from tests.conftest import NOW
from tests.factories import make_entry, make_listing

LIST = "/o/fellgate/sync/outbound/"
EDITED = {
    "person": {"first_name": "Ada", "city": "", "medical": "asthma"},
    "fields": ["first_name", "city", "medical", "answers"],
    "was": {"first_name": "Adah", "city": "Hexley", "medical": "none"},
}


@pytest.fixture
def new_change(connection):
    def make(state: str = "rejected", **values) -> OutboundChange:
        entry = make_entry(make_listing(connection), "Ada", "Byron")
        values = {"action": "edit_entry", "values": EDITED, **values}
        return OutboundChange.objects.create(
            organisation=connection.organisation, connection=connection, entry_id=entry.pk, reference="r-1",
            race_external_id="R", state=state, created_at=NOW, due_at=NOW, **values,
        )  # fmt: skip

    return make


def page(client, change: OutboundChange) -> str:
    return str(client.get(f"{LIST}{change.pk}/").text)


def test_an_edit_says_what_it_tells_and_what_stood_there(sign_in, viewer, new_change) -> None:
    text = re.sub(r"<[^>]+>|\s+", " ", page(sign_in(viewer), new_change()))
    assert re.search(r"First name\s+Adah\s+to\s+Ada\b", text)
    assert re.search(r"City\s+Hexley\s+taken away|Town\s+Hexley\s+taken away", text)
    assert re.search(r"Answers\s+changed", text)


def test_medical_and_emergency_data_are_not_told(sign_in, owner, new_change) -> None:
    text = page(sign_in(owner), new_change())
    assert "asthma" not in text
    assert "Medical" in text


def test_an_add_tells_everything_about_the_entry(sign_in, viewer, new_change) -> None:
    change = new_change(action="add_entry", values={"person": {"first_name": "Ada"}, "fields": []})
    assert "Everything about the entry" in page(sign_in(viewer), change)


def test_a_field_is_called_as_home_and_the_list_call_it(sign_in, viewer, new_change) -> None:
    asked = {"answers": [{"question_id": "7701", "label": "Start pen", "value": "3"}]}
    objections = {"birth_date": ["No."], "answers.7701": ["Full."], "race": ["This race is closed."]}
    change = new_change(message="They refused this entry.", field_errors=objections, values=asked)
    text = re.sub(r"<[^>]+>", "", page(sign_in(viewer), change))
    assert "Date of birth: No." in text
    assert "Start pen: Full." in text
    assert "Race: This" not in text


def test_why_it_was_refused_stands_there_field_by_field(sign_in, viewer, new_change) -> None:
    change = new_change(message="They refused this entry.", field_errors={"first_name": ["Too short"]})
    text = page(sign_in(viewer), change)
    assert "They refused this entry." in text
    assert "First name" in text
    assert "Too short" in text


def test_why_it_was_refused_stands_there_once(sign_in, viewer, new_change) -> None:
    change = new_change(message="They refused: This race is full", field_errors={"race": ["This race is full"]})
    assert page(sign_in(viewer), change).count("This race is full") == 1


def test_of_an_entry_that_is_not_here_any_more_the_change_is_still_told(sign_in, viewer, new_change) -> None:
    change = new_change()
    Entry.objects.all().delete()
    assert "Not here any more" in page(sign_in(viewer), change)


def test_what_is_done_on_its_page_ends_there(sign_in, editor, new_change) -> None:
    change, client = new_change(), sign_in(editor)
    retry = re.search(rf'action="({LIST}{change.pk}/retry/[^"]*)"', page(client, change))
    assert retry
    answer = client.post(retry.group(1))
    assert (answer.status_code, answer["Location"]) == (303, f"{LIST}{change.pk}/")
    assert client.post(f"{LIST}{change.pk}/retry/")["Location"] == LIST


def test_a_viewer_may_only_look(sign_in, viewer, new_change) -> None:
    assert "/retry/" not in page(sign_in(viewer), new_change())


def test_it_looks_again_only_while_something_moves(sign_in, viewer, new_change) -> None:
    client = sign_in(viewer)
    assert "every" in re.findall(r'id="change-stands"[^>]*', page(client, new_change("queued")))[0]
    assert "every" not in re.findall(r'id="change-stands"[^>]*', page(client, new_change("confirmed")))[0]


def test_a_change_that_is_not_allowed_says_what_to_do_there_and_on_its_connection(sign_in, owner, new_change) -> None:
    said = "Programmed accepts the key but does not allow this."
    change = new_change("queued", error_kind="AccessDenied", message=said)
    text = page(sign_in(owner), change)
    assert said in text
    assert "allow it or enter another key, then test" in text
    connection = sign_in(owner).get(f"/o/fellgate/connections/{change.connection_id}/").text
    assert "<b>1 change</b>: Programmed accepts the key but does not allow it." in connection
    assert "Not allowed all" in connection
    assert "1 of 1 needs a person." in sign_in(owner).get("/o/fellgate/connections/").text


def test_a_change_that_only_waits_leaves_its_connection_working(sign_in, owner, new_change) -> None:
    change = new_change("queued")
    text = sign_in(owner).get(f"/o/fellgate/connections/{change.connection_id}/").text
    assert "Not allowed all" not in text
    assert "1 change on its way." in text
