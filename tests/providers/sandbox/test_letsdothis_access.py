import base64
import json

import pytest

from providers.sandbox import DEMO_KEYS, Sandbox
from tests.providers.sandbox.conftest import ldt_client

KEY = DEMO_KEYS["letsdothis"]


@pytest.mark.parametrize("sent", ["", KEY, f"Basic {KEY}", "Bearer wrong", "Bearer "])
def test_anything_but_a_bearer_token_is_401(sandbox: Sandbox, sent: str):
    reply = sandbox.client("letsdothis", Authorization=sent).get("/participants")
    assert reply.status_code == 401
    assert reply.json() == {"statusCode": 401, "error": "Unauthorized", "message": "Unauthorized"}


def test_the_key_is_a_token_whose_claims_anyone_can_read():
    claims = KEY.split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(claims + "=="))["organiserId"] == "20417"


def test_a_revoked_key_is_401(sandbox: Sandbox):
    sandbox.letsdothis.revoke(KEY)
    assert ldt_client(sandbox).get("/participants").status_code == 401


def test_another_organiser_sees_only_its_own_and_404_for_the_rest(sandbox: Sandbox):
    ours = ldt_client(sandbox).get("/participants", params={"page[size]": 1}).json()["data"][0]
    theirs = ldt_client(sandbox, sandbox.letsdothis.stranger.token)
    assert theirs.get("/participants").json()["page"]["totalResults"] == 3
    for path in (
        f"/participants/{ours['id']}",
        f"/races/{ours['raceId']}/participants",
        f"/events/{ours['eventId']}/tickets",
        f"/events/{ours['eventId']}/applications",
    ):
        assert theirs.get(path).status_code == 404, path


@pytest.mark.parametrize("path", ["/participants/x", "/applications/x", "/races/1/participants", "/events/1/tickets"])
def test_what_is_not_there_is_404(sandbox: Sandbox, path: str):
    assert ldt_client(sandbox).get(path).json()["statusCode"] == 404


def test_entries_cannot_be_written(sandbox: Sandbox):
    client = ldt_client(sandbox)
    assert client.post("/participants", json={}).status_code == 404
    assert client.get("/events/4820191/participants").status_code == 404
