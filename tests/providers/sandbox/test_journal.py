from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from providers.sandbox import Sandbox
from tests.providers.sandbox.conftest import NOON, ev_client, ldt_client, new_runner


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sandbox.jsonl"


def begun(path: Path) -> Sandbox:
    return Sandbox(size="s", now=NOON, journal=path)


def later(path: Path, **how: object) -> Sandbox:
    return Sandbox(**{"size": "s", "now": NOON + timedelta(days=9), "journal": path} | how)


def test_a_later_sandbox_goes_on_with_the_same_world(path: Path):
    first, second = begun(path), later(path)
    assert second.clock() == NOON + timedelta(days=9)
    pages = [ldt_client(sandbox).get("/participants").content for sandbox in (first, second)]
    assert pages[0] == pages[1]


def test_what_was_pushed_is_still_there_with_its_id(path: Path):
    sandbox = begun(path)
    question = ev_client(sandbox).get("/races/30551").json()["form_additions"][0]["id"]
    runner = new_runner(form_additions=[{"id": question, "value": "60"}])
    added = ev_client(sandbox).post("/races/30551/participants", json=runner).json()
    ev_client(sandbox).put("/participants/ref-1", json={"participant": {"first_name": "Minna"}})
    found = ev_client(later(path)).get("/participants/ref-1").json()
    assert (found["id"], found["first_name"]) == (added["id"], "Minna")


def test_a_refused_write_is_not_remembered(path: Path):
    ev_client(begun(path)).post("/races/30551/participants", json={"external_reference": "ref-1"})
    assert len(path.read_bytes().splitlines()) == 1


def test_a_write_whose_answer_was_lost_is_remembered(path: Path):
    sandbox = begun(path)
    sandbox.faults.add("drop_after_write,method=POST")
    with pytest.raises(httpx.TransportError):
        ldt_client(sandbox).post("/partners", json={"name": "Trust", "contacts": [{"email": "a@b.example"}]})
    assert len(later(path).letsdothis.organiser.partners) == 7


def test_ticks_and_orders_happen_again_at_their_own_time(path: Path):
    sandbox = begun(path)
    sandbox.clock.advance(60)
    sold = sandbox.act("letsdothis", "sell", {"count": 1})
    sandbox.clock.advance(60)
    sandbox.trickle.tick()
    sandbox.trickle.tick()
    again = later(path)
    assert again.letsdothis.organiser.participants.get(sold[0]).created == (NOON.timestamp() + 60) * 1000
    pages = [ldt_client(one).get("/participants", params={"sort[updatedAt]": "-1"}).content for one in (sandbox, again)]
    assert pages[0] == pages[1]


def test_a_journal_of_another_world_is_begun_anew(path: Path):
    begun(path).trickle.tick()
    assert len(later(path, seed=2).letsdothis.organiser.participants) == 1500
    assert len(path.read_bytes().splitlines()) == 1


def test_a_half_written_last_line_does_no_harm(path: Path):
    begun(path).trickle.tick()
    with path.open("ab") as file:
        file.write(b'{"what":"tick","at":"20')
    later(path).trickle.tick()
    assert later(path).trickle.ticks == 2


def test_the_journal_is_for_its_owner_only(path: Path):
    begun(path)
    assert path.stat().st_mode & 0o077 == 0
