"""Answers that say little, or say it in another way than usual."""

from typing import Any

import httpx
import msgspec
import pytest

from providers.errors import UnexpectedReply
from providers.letsdothis.links import found_link
from providers.letsdothis.partners import contacts
from providers.operations import Verb
from providers.partner_records import Contact
from providers.port import Received
from providers.records import Kind
from tests.providers.letsdothis.samples import GROUP, PARTNER
from tests.providers.letsdothis.world import client


@pytest.mark.parametrize(
    ("body", "link"),
    [
        (b"Sent: https://ldt.example/c/2.", "https://ldt.example/c/2"),
        (b'"https://ldt.example/c/3?x=1&y=2"', "https://ldt.example/c/3?x=1&y=2"),
        (b'{"data": {"claimLink": "https://ldt.example/c/1"}}', "https://ldt.example/c/1"),
        (b"<p>https://ldt.example/c/4</p>", "https://ldt.example/c/4"),
        (b"{}", ""),
    ],
)
def test_an_address_ends_before_the_sentence_around_it(body: bytes, link: str):
    assert found_link(body) == link


def test_a_bare_address_is_a_contact():
    row = {"contacts": ["loose@h.example", None, {"firstName": "Ana", "email": "ana@h.example"}, "nobody"]}
    assert contacts(row) == (
        Contact(email="loose@h.example"),
        Contact(first_name="Ana", email="ana@h.example"),
        Contact(first_name="nobody"),
    )


@pytest.mark.parametrize("there", [True, False])
def test_a_change_that_is_answered_with_nothing_is_read_again(there: bool):
    held = dict(GROUP)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PATCH":
            held["maxCapacity"] = 77
            return httpx.Response(204)
        return httpx.Response(200, json=held) if there or held["maxCapacity"] != 77 else httpx.Response(500)

    with client(answer) as provider:
        done = provider.perform(Verb.EDIT_GROUP, subject=str(GROUP["id"]), values={"capacity": 77})
        if not there:
            assert done.payload == b""
            return
        told: Any = Received(
            kind=Kind.RESERVED_GROUP, external_id=done.external_id, fingerprint=b"", payload=done.payload
        )
        assert getattr(provider.decode(told)[0], "capacity", 0) == 77


UNREADABLE = [b"null", b'"text"', b'{"id": "re_1", "settings": {"most": 1e400}}']


def mixed(*rows: bytes) -> httpx.Response:
    return httpx.Response(200, content=b'{"data": [%b]}' % b", ".join(rows))


@pytest.mark.parametrize("odd", UNREADABLE)
def test_a_row_that_cannot_be_read_keeps_nobody_from_making_another(odd: bytes):
    def answer(request: httpx.Request) -> httpx.Response:
        return mixed(odd) if request.method == "GET" else httpx.Response(200, json=GROUP)

    values = {"name": "Others", "capacity": 1, "tickets": ["t"], "kind": "SINGLE_USE"}
    with client(answer) as provider:
        assert provider.perform(Verb.CREATE_GROUP, subject="1", values=values).external_id == GROUP["id"]


@pytest.mark.parametrize("odd", UNREADABLE)
def test_what_was_made_is_found_among_rows_that_cannot_be_read(odd: bytes):
    made: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return mixed(odd, *made)
        made.append(msgspec.json.encode(PARTNER))
        return httpx.Response(500)

    values = {"name": PARTNER["name"], "kind": PARTNER["type"], "contacts": [{"email": "ines@striders.example"}]}
    with client(answer) as provider:
        assert provider.perform(Verb.CREATE_PARTNER, values=values).external_id == PARTNER["id"]


def test_what_cannot_be_read_is_not_changed():
    wire = client(lambda _: httpx.Response(200, content=UNREADABLE[-1]))
    with wire as provider, pytest.raises(UnexpectedReply, match="cannot be read"):
        provider.perform(Verb.EDIT_GROUP, subject="re_1", values={"capacity": 5})
