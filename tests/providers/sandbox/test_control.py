from typing import Any

import httpx
import pytest

from providers.sandbox import Sandbox
from tests.providers.sandbox.conftest import ev_client, ldt_client


@pytest.fixture
def control(sandbox: Sandbox) -> httpx.Client:
    return httpx.Client(transport=sandbox.transport(), base_url=f"{sandbox.root}/_control")


def done(control: httpx.Client, site: str, action: str, **arguments: Any) -> Any:
    reply = control.post("/do", json={"site": site, "action": action, "arguments": arguments})
    assert reply.status_code == 200, reply.text
    return reply.json()["result"]


def test_everything_is_told_in_one_answer(control: httpx.Client, sandbox: Sandbox):
    told = control.get("/").json()
    assert told["sites"]["eventrac"]["key"] == sandbox.eventrac.demo_key
    assert told["sites"]["letsdothis"]["counts"]["participants"] == 1500
    assert told["switches"]["eventrac"]["envelope"] == "bare"


def test_faults_can_be_added_and_cleared(control: httpx.Client, sandbox: Sandbox):
    control.post("/faults", json={"spec": "eventrac:status=503,times=9"})
    assert ev_client(sandbox).get("/races/30551").status_code == 503
    control.delete("/faults")
    assert ev_client(sandbox).get("/races/30551").status_code == 200


def test_switches_can_be_turned(control: httpx.Client, sandbox: Sandbox):
    control.post("/switches", json={"eventrac": {"envelope": "jsend"}, "letsdothis": {"duplicate_rows": "2"}})
    assert ev_client(sandbox).get("/races/30551").json()["status"] == "success"
    assert sandbox.letsdothis.switches.duplicate_rows == 2


def test_the_clock_can_be_set_and_moved(control: httpx.Client):
    control.post("/clock", json={"set": "2027-06-01T08:00:00+00:00"})
    assert control.post("/clock", json={"advance": 90}).json() == {"now": "2027-06-01T08:01:30+00:00"}


def test_entries_can_be_sold_changed_and_erased(control: httpx.Client, sandbox: Sandbox):
    client = ldt_client(sandbox)
    sold = done(control, "letsdothis", "sell", count=2, race_id="9027714403")
    assert [client.get(f"/participants/{one}").json()["raceId"] for one in sold] == ["9027714403"] * 2
    done(control, "letsdothis", "change", row_id=sold[0], bibNumber="77")
    done(control, "letsdothis", "redact", row_id=sold[0])
    row = client.get(f"/participants/{sold[0]}").json()
    assert (row["bibNumber"], row["gdprRedacted"]) == ("77", True)
    done(control, "letsdothis", "delete", row_id=sold[1])
    assert client.get(f"/participants/{sold[1]}").status_code == 404


def test_places_can_be_sold_elsewhere(control: httpx.Client, sandbox: Sandbox):
    before = sandbox.eventrac.state.races[30551].participant_count
    assert done(control, "eventrac", "sell", count=3, race_id=30551) == before + 3


def test_the_log_can_be_read_from_a_point_on_and_forgotten(control: httpx.Client, sandbox: Sandbox):
    for _ in range(3):
        ev_client(sandbox).get("/races/30551")
    assert len(control.get("/log", params={"site": "eventrac"}).json()) == 3
    assert len(control.get("/log", params={"after": 2}).json()) == 1
    control.delete("/log")
    assert control.get("/log").json() == []


def test_small_things_can_be_made_to_happen(control: httpx.Client, sandbox: Sandbox):
    times = 2 * len(sandbox.sites())
    assert control.post("/tick", json={"times": times}).json() == {"ticks": times}
    assert len(sandbox.letsdothis.organiser.participants) == 1502


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/faults", {"spec": "wibble"}),
        ("/switches", {"eventrac": {"colour": "blue"}}),
        ("/switches", {"eventrac": {"envelope": "brown"}}),
        ("/switches", {"nobody": {}}),
        ("/do", {"site": "eventrac", "action": "__init__"}),
        ("/do", {"site": "letsdothis", "action": "change", "arguments": {"row_id": "nobody"}}),
        ("/clock", {"set": "noon"}),
    ],
)
def test_a_bad_order_is_400_and_explained(control: httpx.Client, path: str, body: dict[str, Any]):
    reply = control.post(path, json=body)
    assert reply.status_code == 400
    assert reply.json()["message"]


def test_a_form_of_another_site_cannot_steer_the_sandbox(control: httpx.Client):
    assert control.post("/faults", content='{"spec": "revoke"}').status_code == 415
    assert control.get("/faults").json() == []
