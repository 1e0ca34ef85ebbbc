from datetime import timedelta
from typing import Any

import pytest

from providers.sandbox import Sandbox
from tests.providers.sandbox.conftest import NOON, ev_client, ldt_client


def first_page(**how: Any) -> bytes:
    return ldt_client(Sandbox(**{"size": "s", "now": NOON} | how)).get("/participants").content


def test_the_same_seed_gives_the_same_world_and_another_another():
    assert first_page(seed=3) == first_page(seed=3)
    assert first_page(seed=3) != first_page(seed=4)


def test_who_is_asked_for_late_has_lived_as_long_as_the_others(sandbox: Sandbox):
    later = Sandbox(size="s", now=NOON)
    later.clock.advance(40 * 86_400)
    assert ldt_client(later).get("/participants").content == ldt_client(sandbox).get("/participants").content
    assert later.trackier.network.created == sandbox.trackier.network.created
    assert later.clock() == NOON + timedelta(days=40)


@pytest.mark.parametrize("days", [0, 1, 3, 4, 6])
def test_races_are_both_past_and_to_come_whatever_the_day(days: int):
    sandbox = Sandbox(size="s", now=NOON + timedelta(days=days))
    starts = [race.starts_at - sandbox.clock() for race in sandbox.letsdothis.organiser.races()]
    assert min(starts) < timedelta(0)
    assert sum(start > timedelta(days=9) for start in starts) == 4


def test_races_are_the_same_at_both_providers(sandbox: Sandbox):
    listed = {(race.name, race.starts_at) for race in sandbox.letsdothis.organiser.races()}
    assert listed <= {(race.name, race.starts_at) for race in sandbox.eventrac.state.races.values()}


def test_some_of_one_platforms_bookings_are_at_the_other_under_its_ids(sandbox: Sandbox):
    known = {row.id for row in sandbox.letsdothis.organiser.participants}
    pushed = [participant.external_reference for participant in sandbox.eventrac.state.participants.values()]
    assert set(pushed) <= known
    statuses = {ev_client(sandbox).get(f"/participants/{reference}").status_code for reference in pushed}
    assert statuses == {200, 403}


def test_size_m_has_40_events_and_150_races():
    account = Sandbox(size="m", now=NOON).letsdothis.organiser
    assert (len(account.events), len(account.races()), len(account.participants)) == (40, 150, 50_000)
    assert len(account.partners) == 12


def test_an_empty_world_has_keys_and_nothing_else(bare: Sandbox):
    assert ev_client(bare).get("/organisers/20417/events").json() == []
    assert ldt_client(bare).get("/participants").json()["data"] == []
    assert bare.letsdothis.counts() == {"participants": 0, "applications": 0, "partners": 0, "groups": 0}
