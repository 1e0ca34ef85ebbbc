"""Adding one entry."""

import json

import httpx
import pytest

from providers.errors import (
    AlreadyThere,
    CredentialsRejected,
    FieldError,
    HostUnreachable,
    NotFound,
    OutcomeUnknown,
    Refused,
)
from providers.eventrac.client import Eventrac
from providers.records import Person
from tests.providers.eventrac.conftest import jsend, sent
from tests.providers.eventrac.people import REFERENCE, add, full_add, saved
from tests.providers.wire import Routes

ADD = "POST /races/30551/participants"


def test_an_add_is_sent_flat_with_ids_as_strings(eventrac: Eventrac, far: Routes) -> None:
    far.on(ADD, saved(add()))
    eventrac.push(full_add())
    assert sent(far) == {
        "external_reference": REFERENCE,
        "email": "mina.okafor@mail.example",
        "first_name": "Mina",
        "last_name": "Okafor",
        "dob": "1988-02-29",
        "gender": "nb",
        "address_1": "4 Tide Row",
        "address_city": "Poole",
        "contact_number": "07700900111",
        "emergency_name": "Jo Okafor",
        "emergency_number": "07700900222",
        "metadata": {"portal_entry": "0b8e6c1f"},
        "affiliations": {"uk-athletics": "3141592"},
        "form_additions": [{"id": "7701", "value": "82"}, {"id": "7702", "value": "88102"}],
        "orders": [{"sku_id": 61001, "quantity": 1}],
    }
    assert far.requests[0].headers["content-type"] == "application/json"


def test_the_receipt_has_the_remote_id(eventrac: Eventrac, far: Routes) -> None:
    far.on(ADD, saved(add()))
    receipt = eventrac.push(add())
    assert (receipt.reference, receipt.external_id, receipt.race_id) == (REFERENCE, "512077", "30551")
    assert receipt.person is None
    assert json.loads(receipt.payload)["id"] == 512077


@pytest.mark.parametrize("body", [jsend({"participant": saved(add())}), {"participant": saved(add())}])
def test_a_wrapped_answer_is_read_as_well(eventrac: Eventrac, far: Routes, body: object) -> None:
    far.on(ADD, httpx.Response(201, json=body))
    assert eventrac.push(add()).external_id == "512077"


def test_the_address_and_reference_are_sent_even_when_the_rest_is_missing(eventrac: Eventrac, far: Routes) -> None:
    far.on(ADD, saved(add()))
    eventrac.push(add(person=Person()))
    assert sent(far) == {"external_reference": REFERENCE, "email": ""}


@pytest.mark.parametrize("reference", ["", ".", ".."])
def test_an_entry_without_a_reference_is_not_sent(eventrac: Eventrac, far: Routes, reference: str) -> None:
    with pytest.raises(Refused) as caught:
        eventrac.push(add(reference=reference))
    assert list(caught.value.field_errors) == ["reference"]
    assert far.requests == []


def test_a_reference_that_is_taken_asks_for_a_look(eventrac: Eventrac, far: Routes) -> None:
    errors = {"external_reference": {"unique": "The provided value is invalid"}}
    far.on(ADD, httpx.Response(422, json={"status": "error", "message": "x", "code": 422, "data": errors}))
    with pytest.raises(AlreadyThere):
        eventrac.push(add())


def test_a_reference_that_is_taken_asks_for_a_look_whatever_else_is_wrong(eventrac: Eventrac, far: Routes) -> None:
    """A race may be full since an add whose answer was lost: that it is there is to be found out all the same."""
    errors = {"external_reference": {"unique": "taken"}, "race_id": {"capacity": "full"}}
    far.on(ADD, httpx.Response(422, json={"status": "error", "message": "x", "code": 422, "data": errors}))
    with pytest.raises(AlreadyThere) as caught:
        eventrac.push(add())
    assert list(caught.value.field_errors) == ["reference", "race"]


def test_a_refusal_inside_a_200_is_a_refusal(eventrac: Eventrac, far: Routes) -> None:
    body = {"status": "error", "message": "no", "code": 422, "data": {"email": {"_required": "This field is required"}}}
    far.on(ADD, body)
    with pytest.raises(Refused) as caught:
        eventrac.push(add())
    assert caught.value.field_errors == {"email": (FieldError(rule="_required", text="This field is required"),)}


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("gone"),
        httpx.Response(500),
        httpx.Response(503, html="<h1>Maintenance</h1>"),
        httpx.Response(200, content=b'{"id": 5120'),
        httpx.Response(200, html="<h1>Hello</h1>"),
        httpx.Response(200, json={"race_id": 30551}),
        httpx.Response(200, json=[]),
        httpx.Response(204),
    ],
)
def test_an_answer_that_does_not_tell_leaves_it_open_and_is_not_sent_again(
    eventrac: Eventrac, far: Routes, answer: httpx.Response
) -> None:
    far.on(ADD, answer)
    with pytest.raises(OutcomeUnknown):
        eventrac.push(add())
    assert len(far.requests) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(401), CredentialsRejected),
        (httpx.Response(404), NotFound),
        (httpx.ConnectError("refused"), HostUnreachable),
    ],
)
def test_what_was_certainly_not_done_says_so(
    eventrac: Eventrac, far: Routes, answer: httpx.Response, error: type[Exception]
) -> None:
    far.on(ADD, answer)
    with pytest.raises(error):
        eventrac.push(add())
