import httpx
import pytest

from providers.sandbox import DEMO_KEYS, Sandbox
from tests.providers.sandbox.conftest import ev_client, ldt_client

LDT = {"Authorization": f"Bearer {DEMO_KEYS['letsdothis']}"}


def test_both_providers_live_on_one_port_and_keep_connections_open(sandbox: Sandbox):
    with sandbox.serve() as root, httpx.Client() as client:
        assert sandbox.base_url("eventrac") == f"{root}/eventrac/api/v3"
        ev = client.get(f"{root}/eventrac/api/v3/races/30551", headers={"Authorization": DEMO_KEYS["eventrac"]})
        ldt = client.get(f"{root}/letsdothis/v0/participants?page%5Bsize%5D=2", headers=LDT)
        ports = {reply.extensions["network_stream"].get_extra_info("client_addr") for reply in (ev, ldt)}
    assert (ev.status_code, ldt.status_code) == (200, 200)
    assert len(ports) == 1
    assert ev.headers["date"] == "Mon, 01 Mar 2027 12:00:00 GMT"


def test_a_served_answer_is_the_same_as_in_process(sandbox: Sandbox):
    inside = ldt_client(sandbox).get("/participants", params={"page[size]": 500})
    with sandbox.serve():
        served = f"{sandbox.base_url('letsdothis')}/participants"
        outside = httpx.get(served, params={"page[size]": 500}, headers=LDT)
    assert outside.content == inside.content


def test_only_loopback_addresses_are_served(sandbox: Sandbox):
    with pytest.raises(ValueError, match="loopback"), sandbox.serve(host="192.0.2.1"):
        pass


def test_the_real_addresses_work_in_process(sandbox: Sandbox):
    with httpx.Client(transport=sandbox.transport()) as client:
        ev = client.get(
            "https://www.eventrac.co.uk/api/v3/races/30551", headers={"Authorization": DEMO_KEYS["eventrac"]}
        )
        ldt = client.get("https://api.letsdothis.com/v0/participants", headers=LDT)
    assert (ev.status_code, ldt.status_code) == (200, 200)


def test_every_call_is_logged_without_its_key(sandbox: Sandbox):
    ldt_client(sandbox).get("/participants", params={"page[size]": 2})
    ev_client(sandbox).post("/races/30551/participants", json={})
    calls = sandbox.calls()
    assert [(call.site, call.method, call.path, call.status) for call in calls] == [
        ("letsdothis", "GET", "/participants", 200),
        ("eventrac", "POST", "/races/30551/participants", 422),
    ]
    assert calls[0].query == (("page[size]", "2"),)
    assert calls[1].body == b"{}"
    assert "authorization" not in calls[0].headers
