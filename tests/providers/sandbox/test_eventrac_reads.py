from datetime import timedelta

import pytest

from providers.sandbox import Sandbox
from tests.providers.sandbox.conftest import NOON, ev_client


def test_the_list_of_events_holds_past_ones_too(sandbox: Sandbox):
    events = ev_client(sandbox).get("/organisers/20417/events").json()
    assert {event["has_future_races"] for event in events} == {True, False}


def test_a_race_leaves_its_event_when_it_starts_but_stays_readable(bare: Sandbox):
    event = bare.eventrac.state.add_event(20417, "Festival")
    race = bare.eventrac.state.add_race(event, "10K", NOON + timedelta(hours=1))
    client = ev_client(bare)
    assert [listed["id"] for listed in client.get(f"/events/{event.id}/races").json()] == [race.id]
    bare.clock.advance(3600)
    assert client.get(f"/events/{event.id}/races").json() == []
    assert client.get(f"/races/{race.id}").json()["id"] == race.id
    assert client.get(f"/events/{event.id}").json()["has_future_races"] is False


def test_a_race_carries_its_whole_event(sandbox: Sandbox):
    client = ev_client(sandbox)
    race = client.get("/races/30551").json()
    assert race["event"] == client.get(f"/events/{race['event']['id']}").json()
    assert race["date"].endswith("+00:00")
    assert len(race["date"]) == len("2027-05-16T08:30:00+00:00")


def test_status_follows_capacity_and_closing_date(bare: Sandbox):
    event = bare.eventrac.state.add_event(20417, "Festival")
    race = bare.eventrac.state.add_race(event, "10K", capacity=2, sold_elsewhere=1)
    client = ev_client(bare)

    def seen() -> tuple[str, bool]:
        shape = client.get(f"/races/{race.id}").json()
        return shape["status"], shape["has_capacity"]

    assert seen() == ("open", True)
    bare.eventrac.sell(5, race.id)
    assert seen() == ("full", False)
    assert race.participant_count == 2
    bare.clock.set(race.closes_at + timedelta(seconds=1))
    assert seen() == ("closed", False)


@pytest.mark.parametrize(("key", "present"), [("products", {"products"}), ("product", {"product"}), ("", set())])
def test_products_come_under_either_name_or_not_at_all(sandbox: Sandbox, key: str, present: set[str]):
    sandbox.eventrac.switches.products_key = key
    race = ev_client(sandbox).get("/races/30551").json()
    assert race.keys() & {"products", "product"} == present


def test_one_race_has_no_products_key_at_all(sandbox: Sandbox):
    assert "products" not in ev_client(sandbox).get("/races/30553").json()


def test_the_event_endpoint_can_be_missing(sandbox: Sandbox):
    sandbox.eventrac.switches.event_endpoint = False
    client = ev_client(sandbox)
    assert client.get("/events/9101").status_code == 404
    assert client.get("/events/9101/races").status_code == 200


def test_an_empty_map_can_come_as_a_list(bare: Sandbox):
    event = bare.eventrac.state.add_event(20417, "Festival")
    client = ev_client(bare)
    assert client.get(f"/events/{event.id}").json()["geo_location"] == {}
    bare.eventrac.switches.empty_maps_as_lists = True
    assert client.get(f"/events/{event.id}").json()["geo_location"] == []
    assert client.get("/races/1").json()["data"] == []


def test_money_is_whole_pence(sandbox: Sandbox):
    race = ev_client(sandbox).get("/races/30551").json()
    assert all(isinstance(race["price"][name], int) for name in ("amount", "affiliated_amount", "booking_fee"))
    assert race["products"][0]["variations"][0]["price"]["shipping_amount"] == 150
