"""A password hash in a user object is seen by nobody: not by a record, a payload, a log line or an error."""

import json
import logging
from decimal import Decimal

import httpx
import pytest

from providers.errors import ProviderError
from providers.operations import Verb
from providers.sandbox import DEMO_KEYS, Sandbox
from providers.sandbox.trackier.objects import NO_PASSWORD
from providers.trackier.client import Trackier
from providers.trackier.redaction import UNREADABLE, cut, reader
from tests.providers.trackier.conftest import Build, replying, walk

CANARY = "CANARY"


@pytest.mark.parametrize(
    "body",
    [
        {"password": CANARY},
        {"data": {"affiliates": [{"_id": "1", "password": CANARY}]}},
        {"data": {"user": {"Password": CANARY, "meta": {"bank": {"no": CANARY}, "payout": {"paypal": CANARY}}}}},
        {"meta": {"afields": {"passport": CANARY}}, "records": {"a": {"ipaddr": CANARY, "clickIp": CANARY}}},
        [[{"deep": [{"password": {"hash": CANARY}}]}]],
    ],
)
def test_secrets_are_cut_out_at_any_depth(body: object) -> None:
    assert CANARY.encode() not in cut(json.dumps(body).encode())


def test_a_figure_called_payout_stays() -> None:
    assert reader.decode(cut(b'{"total":{"payout":7.5,"meta":{"country":{"GB":3}}}}')) == {
        "total": {"payout": Decimal("7.5"), "meta": {"country": {"GB": 3}}}
    }


def test_amounts_keep_every_digit() -> None:
    assert cut(b'{"payout":0.015151515151515151515,"rate":2.50}') == b'{"payout":0.015151515151515151515,"rate":2.50}'


@pytest.mark.parametrize("body", [b'{"password":"CANARY"', b"<p>CANARY</p>", b"[" * 5000])
def test_of_what_is_not_json_nothing_is_kept(body: bytes) -> None:
    assert cut(body) == UNREADABLE


def test_an_empty_body_stays_empty_and_a_mark_at_the_start_is_no_obstacle() -> None:
    assert cut(b"") == b""
    assert cut(b"\xef\xbb\xbf{}") == b"{}"


def test_no_hash_and_no_bank_account_gets_past_the_wire(
    trackier: Trackier, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pages = walk(trackier, "partners")
    done = trackier.perform(Verb.CREATE_PARTNER, values={"name": "New Club", "email": "new@mail.example"})
    raw = sandbox.client("trackier", **{"X-Api-Key": DEMO_KEYS["trackier"]}).get("/affiliate").text
    assert NO_PASSWORD in raw
    assert "CANARY-BANK" in raw
    kept = b"".join(item.payload for page in pages for item in page.items) + done.payload + caplog.text.encode()
    assert NO_PASSWORD.encode() not in kept
    assert b"CANARY" not in kept
    assert b"password" not in kept


def test_an_error_that_quotes_a_user_keeps_the_hash_to_itself(build: Build) -> None:
    told = {"success": False, "error": {"code": 60, "message": "no"}, "user": {"password": CANARY}}
    far = replying(httpx.Response(400, json=told))
    with pytest.raises(ProviderError) as caught:
        walk(build(far), "partners")
    assert CANARY not in f"{caught.value!r}{caught.value.detail}"


def test_the_key_travels_in_the_header_only(trackier: Trackier, sandbox: Sandbox) -> None:
    walk(trackier, "conversions")
    key = DEMO_KEYS["trackier"]
    assert all(key not in call.path and key not in str(call.query) for call in sandbox.calls("trackier"))
