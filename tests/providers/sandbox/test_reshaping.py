"""Any site answers in another shape when it is told to, and is otherwise as it was."""

import pytest

from providers.sandbox import Sandbox
from providers.sandbox.reshaping import STRANGE_VALUE
from tests.providers.sandbox.conftest import ev_client, ldt_client

ORGANISER = 20417


def events(sandbox: Sandbox) -> list[dict[str, object]]:
    found: list[dict[str, object]] = ev_client(sandbox).get(f"/organisers/{ORGANISER}/events").json()
    return found


def test_records_and_what_is_in_them_get_a_further_field(sandbox: Sandbox) -> None:
    sandbox.faults.add("eventrac:new_field=waveStart")
    (first, *_) = events(sandbox)
    assert first["waveStart"] == STRANGE_VALUE


def test_the_envelope_stays(sandbox: Sandbox) -> None:
    sandbox.faults.add("letsdothis:new_field=waveStart")
    answer = ldt_client(sandbox).get("/participants").json()
    assert "waveStart" not in answer
    assert answer["data"][0]["waveStart"] == STRANGE_VALUE


@pytest.mark.parametrize(("rule", "value"), [("null=name", None), ("other_sort=name", [])])
def test_a_value_is_another(sandbox: Sandbox, rule: str, value: object) -> None:
    sandbox.faults.add(f"eventrac:{rule}")
    assert all(event["name"] == value for event in events(sandbox))


def test_a_word_is_one_that_nobody_knows(sandbox: Sandbox) -> None:
    before = [event["name"] for event in events(sandbox)]
    sandbox.faults.add("eventrac:new_word=name,times=1")
    assert [event["name"] for event in events(sandbox)] == [f"{name}x" for name in before]
    assert [event["name"] for event in events(sandbox)] == before


def test_a_refusal_keeps_its_shape(sandbox: Sandbox) -> None:
    client = ev_client(sandbox, key="wrong")
    plain = client.get(f"/organisers/{ORGANISER}/events")
    sandbox.faults.add("eventrac:new_field=waveStart")
    assert client.get(f"/organisers/{ORGANISER}/events").content == plain.content


def test_the_log_says_so(sandbox: Sandbox) -> None:
    sandbox.faults.add("new_field=waveStart")
    events(sandbox)
    assert sandbox.log[-1].fault == "reshaped"
