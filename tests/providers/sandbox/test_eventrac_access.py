import pytest

from providers.sandbox import DEMO_KEYS, Sandbox
from providers.sandbox.eventrac.seed import LDT_KEY, OTHER_KEY
from tests.providers.sandbox.conftest import ev_client, new_runner

KEY = DEMO_KEYS["eventrac"]


@pytest.mark.parametrize("sent", ["", "wrong", f"Bearer {KEY}", f"Basic {KEY}", f"{KEY}x"])
@pytest.mark.parametrize("path", ["/organisers/20417/events", "/nowhere"])
def test_anything_but_the_bare_key_is_401_on_every_path(sandbox: Sandbox, sent: str, path: str):
    assert ev_client(sandbox, sent).get(path).status_code == 401


def test_the_bare_key_is_let_in(sandbox: Sandbox):
    assert ev_client(sandbox).get("/organisers/20417/events").status_code == 200


def test_a_revoked_key_is_401(sandbox: Sandbox):
    sandbox.eventrac.revoke(KEY)
    reply = ev_client(sandbox).get("/organisers/20417/events")
    assert reply.status_code == 401
    assert reply.json() == {"status": "error", "message": "Unauthorized", "code": 401}


def test_what_belongs_to_another_organiser_is_403(sandbox: Sandbox):
    other = ev_client(sandbox, OTHER_KEY)
    race = next(iter(sandbox.eventrac.state.races))
    event = next(iter(sandbox.eventrac.state.events))
    for path in ("/organisers/20417/events", f"/events/{event}", f"/events/{event}/races", f"/races/{race}"):
        assert other.get(path).status_code == 403, path
    assert other.post(f"/races/{race}/participants", json=new_runner()).status_code == 403


@pytest.mark.parametrize(
    "path", ["/organisers/999/events", "/events/1", "/races/1", "/races/abc", "/participants/nobody", "/nowhere"]
)
def test_what_is_not_there_is_404(sandbox: Sandbox, path: str):
    assert ev_client(sandbox).get(path).status_code == 404


def test_a_known_path_with_another_method_is_405(sandbox: Sandbox):
    client = ev_client(sandbox)
    assert client.delete("/participants/ref-1").status_code == 405
    assert client.post("/organisers/20417/events", json={}).status_code == 405
    assert client.get("/races/30551/participants").status_code == 405


def test_a_participant_that_another_key_added_is_403(sandbox: Sandbox):
    race = sandbox.eventrac.state.races[30551]
    sandbox.eventrac.state.store(race, {"external_reference": "theirs", "email": "a@b.example"}, LDT_KEY)
    client = ev_client(sandbox)
    assert client.get("/participants/theirs").status_code == 403
    assert client.put("/participants/theirs", json={"participant": {}}).status_code == 403


def test_the_misspelt_path_of_the_reference_is_404(sandbox: Sandbox):
    assert ev_client(sandbox).get("/partcipants/1/ref-1").status_code == 404


def test_a_body_that_is_not_an_object_is_400(sandbox: Sandbox):
    client = ev_client(sandbox)
    for body in ("", "nonsense", "[]", '"text"', "email=a%40b.example"):
        assert client.post("/races/30551/participants", content=body).status_code == 400, body
