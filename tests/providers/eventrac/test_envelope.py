"""Bare or wrapped: the rule, in its order."""

import json

import pytest

from providers.eventrac.envelope import is_wrapped, status_of, unwrapped
from providers.replies import Reply

RACE = {"id": 5, "status": "open"}


def left(body: object) -> object:
    return json.loads(unwrapped(json.dumps(body).encode(), "race", "races"))


@pytest.mark.parametrize(
    "body",
    [
        RACE,
        {"status": "success", "data": RACE, "links": []},
        {"status": "success", "data": {"race": RACE}},
        {"status": "success", "message": "done", "data": {"races": RACE}},
        {"data": RACE},
        {"data": {"race": RACE}},
        {"race": RACE},
        {"data": {"data": RACE}},
    ],
)
def test_a_race_comes_out_of_any_wrapping(body: object) -> None:
    assert left(body) == RACE


@pytest.mark.parametrize("body", [[RACE], {"data": [RACE]}, {"status": "success", "data": [RACE]}, {"races": [RACE]}])
def test_a_list_comes_out_of_any_wrapping(body: object) -> None:
    assert left(body) == [RACE]


@pytest.mark.parametrize(
    "body",
    [
        {"id": 5, "status": "success"},  # a word of jSend, but neither data nor message
        {"id": 5, "status": "open", "data": {"x": 1}},  # data, but no word of jSend
        {"id": 5, "race": {"x": 1}},  # not the only key
        {"participant": {"x": 1}},  # not what was asked for
    ],
)
def test_what_only_looks_wrapped_is_left_alone(body: object) -> None:
    assert left(body) == body


def test_a_bulk_answer_has_two_keys_and_is_never_stepped_into() -> None:
    body = {"hasErrors": False, "participants": [{"id": 1}]}
    assert left({"status": "success", "data": body}) == body


def reply(status: int, body: object) -> Reply:
    return Reply(label="e", host="h", method="POST", path="/", status=status, raw=json.dumps(body).encode())


@pytest.mark.parametrize(
    ("status", "body", "meant"),
    [
        (200, {"status": "error", "message": "no", "code": 422, "data": {}}, 422),
        (200, {"status": "fail", "data": {"email": {"_required": "x"}}}, 422),
        (200, {"status": "error", "message": "no", "code": 503}, 503),
        (200, {"status": "error", "message": "no", "code": "404"}, 404),
        (400, {"status": "error", "message": "no", "code": 422}, 422),
        (404, {"status": "error", "message": "no"}, 404),
        (200, {"status": "open", "id": 5}, 200),
        (200, {"status": "error"}, 200),
        (500, "<html>", 500),
        (200, {"status": "success", "data": None, "code": 500}, 200),
    ],
)
def test_a_failure_in_the_body_counts_whatever_http_says(status: int, body: object, meant: int) -> None:
    assert status_of(reply(status, body)) == meant


def test_what_was_seen_can_be_told() -> None:
    assert is_wrapped(json.dumps({"status": "success", "data": []}).encode())
    assert not is_wrapped(json.dumps(RACE).encode())
