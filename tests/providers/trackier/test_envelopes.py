"""Where a payload, a message and a code are found."""

import json
from typing import Any

import pytest

from providers.replies import Reply
from providers.trackier.envelopes import application_code, held, message, status_of


def reply(body: object, status: int = 200) -> Reply:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(label="Trackier", host="h", method="GET", path="/p", status=status, raw=sent)


ERROR = {"code": 13, "message": "Invalid API Key"}


@pytest.mark.parametrize(
    "body",
    [
        {"success": False, "error": ERROR},
        {"success": False, "errors": [{"statusCode": 400, "code": "13", "message": "Invalid API Key"}]},
        {"errors": {"success": False, "error": ERROR}},
        {"error": {**ERROR, "codeMsg": "INVALID_API_KEY"}},
        ERROR,
    ],
)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_every_form_of_an_error_tells_its_code_which_outranks_the_status(body: dict[str, Any], status: int) -> None:
    assert application_code(body) == 13
    assert status_of(reply(body, status)) == 401
    assert message(json.dumps(body).encode()) == "Invalid API Key."


def test_codes_come_as_words_too() -> None:
    assert application_code({"error": {"code": "API_KEY_MISSING"}}) == 12
    assert application_code({"errors": [{"code": "107", "codeMsg": "VALIDATION_ERROR"}]}) == 107
    assert application_code({"errors": [{"codeMsg": "VALIDATION_ERROR"}]}) == 107


def test_code_nought_is_success() -> None:
    assert application_code({"code": 0, "data": {}}) is None
    assert status_of(reply({"success": True, "code": 0})) == 200


def test_a_missing_success_is_true_and_a_false_one_is_a_refusal() -> None:
    assert status_of(reply({"data": {}})) == 200
    assert status_of(reply({"success": False, "data": {"message": "no"}})) == 422


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b"{"])
def test_what_is_no_object_keeps_the_status_it_came_with(body: bytes) -> None:
    assert status_of(reply(body, 503)) == 503
    assert message(body) == ""


def test_a_payload_is_looked_for_in_data_and_then_at_the_root() -> None:
    assert held({"data": {"goals": 1}, "goals": 2}, "goals") == 1
    assert held({"success": True, "goals": 2}, "goals") == 2
    assert held({"data": []}, "goals") is None
    assert held({"data": {"user": 1}}, "affiliate", "user") == 1


def test_a_message_is_looked_for_in_data_at_the_root_and_in_the_error() -> None:
    assert message(b'{"data":{"message":"first"},"message":"second"}') == "first."
    assert message(b'{"message":"second","error":{"message":"third"}}') == "second."
    assert message(b'{"error":{"message":"third"}}') == "third."
    assert message(b'{"errors":[{"message":"fourth"}]}') == "fourth."


def test_a_message_is_shown_without_keys_and_addresses() -> None:
    told = message(b'{"message":"key 0123456789abcdef0123456789abcdef of mina@mail.example"}')
    assert told == "key [id] of [e-mail]."
    assert len(message(json.dumps({"message": "word " * 500}).encode())) <= 202
