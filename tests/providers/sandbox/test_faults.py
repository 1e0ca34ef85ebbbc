"""Each fault, in process and over a real connection: the client must not be able to tell the two apart."""

from collections.abc import Iterator

import httpx
import pytest

from providers.sandbox import DEMO_KEYS, Sandbox
from tests.providers.sandbox.conftest import new_runner

EVENTS = "/organisers/20417/events"


@pytest.fixture(params=["in process", "on a port"])
def client(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[httpx.Client]:
    key = {"Authorization": DEMO_KEYS["eventrac"]}
    if request.param == "in process":
        with sandbox.client("eventrac", **key) as found:
            yield found
    else:
        with sandbox.serve(), httpx.Client(base_url=sandbox.base_url("eventrac"), headers=key) as found:
            yield found


def add(client: httpx.Client) -> httpx.Response:
    answers = [
        {"id": question["id"], "value": "60"} for question in client.get("/races/30551").json()["form_additions"][:1]
    ]
    return client.post("/races/30551/participants", json=new_runner(form_additions=answers))


def is_stored(sandbox: Sandbox) -> bool:
    return bool(sandbox.eventrac.stored("ref-1"))


def test_a_status_comes_with_its_retry_after_and_goes_away(client: httpx.Client, sandbox: Sandbox):
    sandbox.faults.add("eventrac:status=503,retry_after=7,times=2")
    replies = [client.get(EVENTS) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [503, 503, 200]
    assert replies[0].headers["retry-after"] == "7"


def test_a_status_can_come_after_having_stored(client: httpx.Client, sandbox: Sandbox):
    sandbox.faults.add("status=500,after_write,method=POST")
    assert add(client).status_code == 500
    assert is_stored(sandbox)


def test_a_status_alone_stores_nothing(client: httpx.Client, sandbox: Sandbox):
    sandbox.faults.add("status=500,method=POST")
    assert add(client).status_code == 500
    assert not is_stored(sandbox)


@pytest.mark.parametrize(("drop", "stored"), [("drop_before_write", False), ("drop_after_write", True)])
def test_a_dropped_connection_gives_no_answer(client: httpx.Client, sandbox: Sandbox, drop: str, stored: bool):
    sandbox.faults.add(f"{drop},method=POST")
    with pytest.raises(httpx.RemoteProtocolError):
        add(client)
    assert is_stored(sandbox) is stored
    assert client.get(EVENTS).status_code == 200


def test_a_connection_can_be_reset(client: httpx.Client, sandbox: Sandbox):
    sandbox.faults.add("drop_after_write=reset,method=POST")
    with pytest.raises(httpx.ReadError):
        add(client)
    assert is_stored(sandbox)


def test_a_truncated_answer_ends_early(client: httpx.Client, sandbox: Sandbox):
    sandbox.faults.add("truncate")
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(EVENTS)
    assert client.get(EVENTS).status_code == 200


@pytest.mark.parametrize("what", ["broken", "html"])
def test_an_answer_can_be_no_json_at_all(client: httpx.Client, sandbox: Sandbox, what: str):
    sandbox.faults.add(what)
    reply = client.get(EVENTS)
    assert reply.status_code == 200
    with pytest.raises(ValueError):
        reply.json()


def test_an_answer_can_come_too_late(client: httpx.Client, sandbox: Sandbox):
    sandbox.faults.add("slow=0.3,times=2")
    with pytest.raises(httpx.ReadTimeout):
        client.get(EVENTS, timeout=0.1)
    assert client.get(EVENTS, timeout=5).status_code == 200


def test_an_answer_can_never_come(client: httpx.Client, sandbox: Sandbox):
    sandbox.faults.add("hang_after_write,method=POST")
    client.timeout = httpx.Timeout(0.2)
    with pytest.raises(httpx.ReadTimeout):
        add(client)
    assert is_stored(sandbox)


def test_a_body_can_stop_half_way_and_keep_the_line(client: httpx.Client, sandbox: Sandbox):
    sandbox.faults.add("hang_mid_body,method=POST")
    client.timeout = httpx.Timeout(0.2)
    with pytest.raises(httpx.ReadTimeout):
        add(client)
    assert is_stored(sandbox)
    assert client.get(EVENTS).status_code == 200


def test_a_list_can_come_empty_by_mistake(client: httpx.Client, sandbox: Sandbox):
    sandbox.faults.add("emptied,times=1")
    assert [bool(client.get(EVENTS).json()) for _ in range(2)] == [False, True]


def test_a_body_can_come_in_drips(client: httpx.Client, sandbox: Sandbox):
    sandbox.faults.add("drip=0.1,times=1")
    assert client.get(EVENTS).status_code == 200


def test_a_key_can_be_revoked_and_come_back(client: httpx.Client, sandbox: Sandbox):
    sandbox.faults.add("eventrac:revoke,skip=1")
    assert [client.get(EVENTS).status_code for _ in range(3)] == [200, 401, 401]
    sandbox.faults.clear()
    assert client.get(EVENTS).status_code == 200


def test_time_is_only_pretended_in_process(sandbox: Sandbox):
    sandbox.faults.add("slow=3600")
    transport = sandbox.transport()
    with httpx.Client(transport=transport, timeout=7200) as client:
        client.get(sandbox.base_url("eventrac") + EVENTS)
    assert transport.elapsed == 3600
