"""The rules that the log is held against are able to find fault."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from providers.sandbox import Sandbox
from tests.conftest import NOW
from tests.torture import rules

PERSON = {"external_reference": "0" * 32, "email": "ada@example.org", "race_id": 30551}
GOOD_WALK = {"page[size]": "50", "sort[updatedAt]": "1", "extendMetadata": "true"}
VERSION = {"x-client-version": "3.0.0"}
LOG = {"query[]": ["start"], "start": "2027-01-01", "limit": "500", "page": "1"}


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return Sandbox(size="empty", now=NOW)


def found(sandbox: Sandbox, site: str, method: str, path: str, **call: Any) -> str:
    sandbox.log.clear()
    return said(sandbox, site, method, path, **call)


def said(
    sandbox: Sandbox, site: str, method: str, path: str, *, excused: tuple[datetime, ...] = (), **call: Any
) -> str:
    key = sandbox.site(site).demo_key
    headers = {rules.KEYED_BY[site]: key} | call.pop("headers", {})
    with httpx.Client(transport=sandbox.transport(), base_url=sandbox.base_url(site)) as client:
        client.request(method, path, headers=headers, **call)
    return "; ".join(rules.broken(sandbox, site, excused=excused))


@pytest.mark.parametrize(
    ("call", "wrong"),
    [
        (("letsdothis", "GET", "/participants", {"params": GOOD_WALK}), ""),
        (("letsdothis", "GET", "/participants", {"params": GOOD_WALK | {"page[size]": "501"}}), "a page"),
        (("letsdothis", "GET", "/participants", {"params": GOOD_WALK | {"page[after]": ""}}), "sent empty"),
        (("letsdothis", "GET", "/partners", {"params": GOOD_WALK}), "metadata"),
        (("letsdothis", "GET", "/participants", {"params": {"sort[updatedAt]": "-1"}}), "ascending"),
        (("letsdothis", "GET", "/participants", {"params": GOOD_WALK | {"updatedAt[after]": "2027-01-01"}}), "instant"),
        (("letsdothis", "GET", "/participants", {"headers": {"x-api-key": "k"}, "params": GOOD_WALK}), "keyed by"),
        (("eventrac", "POST", "/races/participants", {"json": {"participants": [PERSON]}}), ""),
        (("eventrac", "POST", "/races/participants", {"json": {"participants": [PERSON] * 201}}), "more than 200"),
        (
            ("eventrac", "POST", "/races/1/participants", {"json": {"external_reference": "0" * 32}}),
            "without reference",
        ),
        (("eventrac", "POST", "/races/1/participants", {"json": PERSON | {"gender": "F"}}), "gender"),
        (("eventrac", "PUT", f"/participants/{'0' * 32}", {"json": PERSON}), "wrapped"),
        (("eventrac", "GET", "/races/1", {"params": {"page": "1"}}), "no parameters"),
        (("ticketing", "GET", "/regions", {"headers": VERSION, "params": {"records": "50"}}), ""),
        (("ticketing", "GET", "/regions", {"headers": VERSION, "params": {"page": "1"}}), "names its page"),
        (("ticketing", "GET", "/regions", {}), "client version"),
        (("trackier", "GET", "/network/conversions", {"params": LOG}), ""),
        (("trackier", "GET", "/network/conversions", {"params": LOG | {"end": "2027-01-02"}}), "does not name"),
        (("trackier", "GET", "/campaign", {}), "without limit"),
        (("trackier", "POST", "/affiliate", {"content": b"{}"}), "does not say it is JSON"),
    ],
)
def test_a_call_against_the_sheet_is_found(sandbox: Sandbox, call: tuple[str, str, str, Any], wrong: str) -> None:
    site, method, path, more = call
    told = found(sandbox, site, method, path, **more)
    assert wrong in told if wrong else told == ""


def test_a_key_outside_its_header_is_found(sandbox: Sandbox) -> None:
    key = sandbox.trackier.demo_key
    assert "outside its header" in found(sandbox, "trackier", "GET", "/affiliate", params={"apiKey": key})


def test_a_call_during_a_rest_is_found(sandbox: Sandbox) -> None:
    for wish in ("7", "Mon, 01 Mar 2027 12:00:07 GMT"):
        sandbox.clock.freeze(datetime.fromisoformat("2027-03-01T12:00:00Z"))
        sandbox.faults.add(provider="eventrac", status=429, retry_after=wish)
        assert found(sandbox, "eventrac", "GET", "/races/1") == ""
        sandbox.clock.advance(6)
        assert "before it may be" in said(sandbox, "eventrac", "GET", "/races/1")
        assert said(sandbox, "eventrac", "GET", "/races/1", excused=(sandbox.clock() - timedelta(seconds=6),)) == ""
        sandbox.log.clear()
        sandbox.clock.advance(1)
        assert said(sandbox, "eventrac", "GET", "/races/1") == ""


def test_an_add_that_is_repeated_without_looking_is_found(sandbox: Sandbox) -> None:
    sandbox.faults.add("eventrac:drop_before_write,method=POST")
    sandbox.log.clear()
    with pytest.raises(httpx.RemoteProtocolError):
        said(sandbox, "eventrac", "POST", "/races/1/participants", json=PERSON)
    assert "sent again unseen" in said(sandbox, "eventrac", "POST", "/races/1/participants", json=PERSON)
