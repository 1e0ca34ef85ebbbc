"""Editing an entry, and reading one back."""

from datetime import date

import httpx
import pytest

from providers.errors import NotFound, OutcomeUnknown, ProviderUnavailable, Refused, UnexpectedReply
from providers.eventrac.client import Eventrac
from providers.records import Answer, Gender, Person
from tests.providers.eventrac.conftest import jsend, sent
from tests.providers.eventrac.people import MINA, PATH, REFERENCE, edit, saved
from tests.providers.wire import Routes

PUT, GET = f"PUT {PATH}", f"GET {PATH}"


def test_an_edit_is_wrapped_and_holds_only_what_changed(eventrac: Eventrac, far: Routes) -> None:
    far.on(PUT, saved(edit()))
    receipt = eventrac.push(edit("phone", "city"))
    body = {"external_reference": REFERENCE, "contact_number": "07700900111", "address_city": "Poole"}
    assert sent(far) == {"participant": body}
    assert (receipt.external_id, receipt.warning) == ("512077", "")


def test_what_was_cleared_is_sent_empty(eventrac: Eventrac, far: Routes) -> None:
    far.on(PUT, saved(edit()))
    eventrac.push(edit("phone", "birth_date", "gender", "affiliations", person=Person()))
    body = {"external_reference": REFERENCE, "contact_number": "", "dob": "", "gender": "", "affiliations": {}}
    assert sent(far) == {"participant": body}


def test_changed_answers_are_sent(eventrac: Eventrac, far: Routes) -> None:
    far.on(PUT, saved(edit()))
    eventrac.push(edit("answers", answers=(Answer(question_id="7702", label="Pen", value="88103"),)))
    additions = [{"id": "7702", "value": "88103"}]
    assert sent(far) == {"participant": {"external_reference": REFERENCE, "form_additions": additions}}


def test_what_eventrac_has_no_place_for_stays_here(eventrac: Eventrac, far: Routes) -> None:
    receipt = eventrac.push(edit("club", "medical"))
    assert far.requests == []
    assert receipt.external_id == "512077"
    assert "club, medical" in receipt.warning


def test_the_rest_of_an_edit_is_sent_all_the_same(eventrac: Eventrac, far: Routes) -> None:
    far.on(PUT, saved(edit()))
    assert "club" in eventrac.push(edit("club", "first_name")).warning
    assert sent(far) == {"participant": {"external_reference": REFERENCE, "first_name": "Mina"}}


def test_another_remote_id_is_worth_a_warning(eventrac: Eventrac, far: Routes) -> None:
    far.on(PUT, saved(edit(), number=999))
    receipt = eventrac.push(edit("phone"))
    assert receipt.external_id == "999"
    assert "512077" in receipt.warning


@pytest.mark.parametrize("status", [403, 404])
def test_an_entry_that_is_not_there_or_not_ours_is_not_found(eventrac: Eventrac, far: Routes, status: int) -> None:
    far.on(PUT, httpx.Response(status))
    with pytest.raises(NotFound):
        eventrac.push(edit("phone"))


def test_an_edit_that_is_refused_names_our_fields(eventrac: Eventrac, far: Routes) -> None:
    errors = {"participant": {"contact_number": {"phone": "not a number"}}}
    far.on(PUT, httpx.Response(422, json={"status": "error", "message": "x", "code": 422, "data": errors}))
    with pytest.raises(Refused) as caught:
        eventrac.push(edit("phone"))
    assert list(caught.value.field_errors) == ["phone"]


def test_an_edit_that_was_not_answered_is_open(eventrac: Eventrac, far: Routes) -> None:
    far.on(PUT, httpx.Response(500))
    with pytest.raises(OutcomeUnknown):
        eventrac.push(edit("phone"))


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(204),
        {"status": "success", "data": None, "links": []},
        {"status": "success", "data": []},
        {"status": "success", "message": "Saved"},
    ],
)
def test_an_edit_that_is_done_need_not_be_shown(eventrac: Eventrac, far: Routes, answer: object) -> None:
    """Else it would be sent again for ever, and be in the way of all others."""
    far.on(PUT, answer)
    receipt = eventrac.push(edit("phone", "club"))
    assert (receipt.external_id, receipt.race_id) == ("512077", edit().race_id)
    assert "club" in receipt.warning


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b"null"])
def test_an_edit_whose_answer_says_nothing_is_open(eventrac: Eventrac, far: Routes, body: bytes) -> None:
    far.on(PUT, httpx.Response(200, content=body))
    with pytest.raises(OutcomeUnknown):
        eventrac.push(edit("phone"))


READ_BACK = {
    "id": 512077,
    "race_id": 30551,
    "first_name": "Mina",
    "last_name": "Okafor",
    "dob": "1988-02-29T00:00:00+00:00",
    "external_reference": REFERENCE,
    "gender": "nb",
}


@pytest.mark.parametrize("body", [READ_BACK, jsend({"participant": READ_BACK}), {"data": READ_BACK}])
def test_an_entry_is_read_back_by_its_reference(eventrac: Eventrac, far: Routes, body: object) -> None:
    far.on(GET, body)
    receipt = eventrac.look_up(REFERENCE)
    assert receipt is not None
    assert (receipt.external_id, receipt.race_id) == ("512077", "30551")
    assert receipt.person == Person(
        first_name="Mina", last_name="Okafor", birth_date=date(1988, 2, 29), gender=Gender.NON_BINARY
    )
    assert receipt.person.email == "" != MINA.email


@pytest.mark.parametrize("status", [403, 404])
def test_not_there_and_not_ours_are_the_same(eventrac: Eventrac, far: Routes, status: int) -> None:
    far.on(GET, httpx.Response(status))
    assert eventrac.look_up(REFERENCE) is None


def test_no_answer_is_not_the_same_as_not_there(eventrac: Eventrac, far: Routes) -> None:
    far.on(GET, httpx.Response(500))
    with pytest.raises(ProviderUnavailable):
        eventrac.look_up(REFERENCE)


def test_an_entry_without_an_id_is_unexpected(eventrac: Eventrac, far: Routes) -> None:
    far.on(GET, {"first_name": "Mina"})
    with pytest.raises(UnexpectedReply):
        eventrac.look_up(REFERENCE)


def test_an_odd_reference_stays_one_part_of_the_path(eventrac: Eventrac, far: Routes) -> None:
    assert eventrac.look_up("a/b c?d") is None
    assert far.asked() == ["GET /participants/a%2Fb%20c%3Fd"]
