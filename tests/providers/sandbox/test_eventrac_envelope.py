import pytest

from providers.sandbox import Sandbox
from tests.providers.sandbox.conftest import ev_client

READS = {
    "events": "/organisers/20417/events",
    "races": "/events/9101/races",
    "event": "/events/9101",
    "race": "/races/30551",
}


@pytest.mark.parametrize("name", READS)
def test_jsend_wraps_the_same_thing_under_its_name(sandbox: Sandbox, name: str):
    client = ev_client(sandbox)
    plain = client.get(READS[name]).json()
    sandbox.eventrac.switches.envelope = "jsend"
    assert client.get(READS[name]).json() == {"status": "success", "data": {name: plain}, "links": []}


def test_a_list_can_come_under_data_alone(sandbox: Sandbox):
    client = ev_client(sandbox)
    plain = client.get(READS["races"]).json()
    sandbox.eventrac.switches.envelope = "data"
    assert client.get(READS["races"]).json() == {"data": plain}


def test_the_bulk_answer_keeps_its_two_keys_inside_the_envelope(sandbox: Sandbox):
    sandbox.eventrac.switches.envelope = "jsend"
    body = ev_client(sandbox).post("/races/participants", json={"participants": []}).json()
    assert body == {"status": "success", "data": {"hasErrors": False, "participants": []}, "links": []}


def test_a_bare_race_has_a_status_of_its_own(sandbox: Sandbox):
    assert ev_client(sandbox).get(READS["race"]).json()["status"] == "open"


def test_errors_may_say_fail_and_may_come_as_200(sandbox: Sandbox):
    sandbox.eventrac.switches.error_word = "fail"
    sandbox.eventrac.switches.errors_as_200 = True
    reply = ev_client(sandbox).post("/races/30551/participants", json={})
    assert reply.status_code == 200
    assert (reply.json()["status"], reply.json()["code"]) == ("fail", 422)
